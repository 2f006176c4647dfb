/// The container image, run through a Docker API.
@NullMarked
package dev.telltale.image;

import org.jspecify.annotations.NullMarked;
