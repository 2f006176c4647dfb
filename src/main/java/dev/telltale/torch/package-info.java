/// The engine's start-up, the few threads that compute, and the one door through which arrays become tensors.
@NullMarked
package dev.telltale.torch;

import org.jspecify.annotations.NullMarked;
