/// The engine's start-up, its native threads and the one door through which arrays become tensors.
@NullMarked
package dev.telltale.torch;

import org.jspecify.annotations.NullMarked;
