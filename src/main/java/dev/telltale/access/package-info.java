/// Who may do what: keys, roles, limits per caller, and the log of what was changed and refused.
@NullMarked
package dev.telltale.access;

import org.jspecify.annotations.NullMarked;
