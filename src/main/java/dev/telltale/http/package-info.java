/// What all routes share: body limits, gzip, cursors, `Prefer`, JSON settings and the headers that
/// every answer carries.
@NullMarked
package dev.telltale.http;

import org.jspecify.annotations.NullMarked;
