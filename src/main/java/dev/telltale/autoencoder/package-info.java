/// Architectures, their layers and parameters, and how they are trained. Knows arrays, not stores; the
/// networks themselves live in `torch` below.
@NullMarked
package dev.telltale.autoencoder;

import org.jspecify.annotations.NullMarked;
