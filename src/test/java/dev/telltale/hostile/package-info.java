/// The service under requests that nobody should send: the table of bad inputs and what each is answered, and
/// requests made at random from the description of the routes.
@NullMarked
package dev.telltale.hostile;

import org.jspecify.annotations.NullMarked;
