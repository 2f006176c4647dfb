package dev.telltale.attention;

/// What is done to each value of the projected context.
public enum OutputActivation {
    IDENTITY,
    RELU,
}
