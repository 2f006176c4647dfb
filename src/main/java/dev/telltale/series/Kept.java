package dev.telltale.series;

import java.util.BitSet;

/// What became of a batch of which stored samples may have contradicted some.
///
/// @param contradicting samples that were left out, by their place in the batch
/// @param conflicts what is told of these
record Kept(Acceptance acceptance, BitSet contradicting, FirstFaults conflicts) {

    static final Kept NONE = new Kept(Acceptance.NONE, new BitSet(), new FirstFaults());

    /// All samples of a batch as new ones.
    static Kept all(SampleBatch batch) {
        return new Kept(new Acceptance(batch.count(), 0), new BitSet(), new FirstFaults());
    }
}
