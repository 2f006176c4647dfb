/// Architectures, their layers and parameters, how they are trained, and what a trained network makes of
/// windows. Knows arrays, not stores; networks that still learn live in `torch` below.
@NullMarked
package dev.telltale.autoencoder;

import org.jspecify.annotations.NullMarked;
