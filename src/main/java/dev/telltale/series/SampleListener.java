package dev.telltale.series;

/// Is told of samples once they are on disk.
@FunctionalInterface
public interface SampleListener {

    /// Called on the sender's thread: return soon. Samples that were stored before may be among them.
    void accepted(SampleBatch batch);
}
