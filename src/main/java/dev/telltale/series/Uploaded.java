package dev.telltale.series;

import java.util.BitSet;
import java.util.List;

/// What became of the samples of an upload.
///
/// @param series of each of its series, by number
/// @param kept samples left out since stored ones contradict them, by their place in the order of the samples
/// @param conflicts what is told of these
record Uploaded(List<Acceptance> series, BitSet kept, FirstFaults conflicts) {

    Acceptance total() {
        return series.stream().reduce(Acceptance.NONE, Acceptance::plus);
    }
}
