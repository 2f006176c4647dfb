package dev.telltale.models;

/// Hears of saved models whose files are damaged.
@FunctionalInterface
public interface DamageListener {

    /// A version was asked for, and its file is not what was saved. It is told once, and again if the file was
    /// sound in between. On the thread of whoever asked, who waits for it.
    ///
    /// @param reason what is wrong with the file, a sentence without its full stop
    void damaged(ModelName name, int version, String reason);
}
