/// What all routes share: body limits, gzip, cursors, `Prefer`, JSON settings and the headers that
/// every answer carries, and streams of server-sent events.
@NullMarked
package dev.telltale.http;

import org.jspecify.annotations.NullMarked;
