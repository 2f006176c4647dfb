package dev.telltale.access;

import dev.telltale.problem.Problem;

/// What a request says of its caller.
sealed interface Recognition {

    /// It shows nothing.
    record Nobody() implements Recognition {}

    /// It shows something that opens nothing here.
    record Stranger() implements Recognition {}

    /// It shows something that cannot be checked now.
    record Undecided(Problem problem) implements Recognition {}

    record Known(Caller caller) implements Recognition {}
}
