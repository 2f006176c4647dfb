package dev.telltale.drawing;

/// A marked value of an axis.
record Tick(double value, String label) {}
