/// The self-attention transform as a service: matrices in, every step of the computation out, over values
/// that a request gives or over a window of a stored series.
@NullMarked
package dev.telltale.attention;

import org.jspecify.annotations.NullMarked;
