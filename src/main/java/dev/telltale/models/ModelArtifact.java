package dev.telltale.models;

import java.io.InputStream;

/// The file of a version, open to be read once. Whoever takes it closes `content`.
///
/// @param bytes that `content` has
record ModelArtifact(long bytes, InputStream content) {}
