package dev.telltale.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a list as it is answered.
///
/// @param next the `cursor` of the part that follows, null at the end
public record Page<T>(List<T> items, @Nullable String next) {}
