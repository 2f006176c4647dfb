/// Who is told of incidents, and when: grouping, silences, repeats, and a queue for each receiver that
/// survives a restart. A folder for each kind of receiver.
@NullMarked
package dev.telltale.alerts;

import org.jspecify.annotations.NullMarked;
