/// From samples to what a network sees: frames on one time grid, gap policies, scaling, windows. Pure
/// functions over arrays.
@NullMarked
package dev.telltale.signal;

import org.jspecify.annotations.NullMarked;
