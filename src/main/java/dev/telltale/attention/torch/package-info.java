/// The self-attention transform in tensors.
@NullMarked
package dev.telltale.attention.torch;

import org.jspecify.annotations.NullMarked;
