package dev.telltale.series;

/// A row of the chunk table without its samples. The chunks of a series do not overlap.
///
/// @param id row of the table
/// @param start time of the first sample
/// @param last time of the last sample
/// @param count samples in it
record Chunk(long id, long start, long last, int count) {

    /// Samples in a full chunk.
    static final int FULL = 512;
}
