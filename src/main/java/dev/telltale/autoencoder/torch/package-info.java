/// Networks and the training loop on DJL's PyTorch engine. Tensors do not leave
/// this package.
@NullMarked
package dev.telltale.autoencoder.torch;

import org.jspecify.annotations.NullMarked;
