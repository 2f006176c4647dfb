package dev.telltale.database;

/// Whether the store takes writes now.
public sealed interface StoreState {

    /// Whether it takes what is new.
    default boolean isWritable() {
        return this instanceof Writable;
    }

    record Writable() implements StoreState {}

    /// There is no room for what is new. All that is stored can be read, and room can be made.
    ///
    /// @param reason and what helps
    record Full(String reason) implements StoreState {}

    /// The disk failed, or the file system under it: nothing is written until what was not synced has been written
    /// anew. Or the database server cannot be reached.
    record Failed(String reason) implements StoreState {}
}
