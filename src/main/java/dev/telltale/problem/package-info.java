/// Failures a caller may meet. Each room lists its own in an enum that implements `ProblemType`; this
/// room alone turns them into problem documents (RFC 9457).
@NullMarked
package dev.telltale.problem;

import org.jspecify.annotations.NullMarked;
