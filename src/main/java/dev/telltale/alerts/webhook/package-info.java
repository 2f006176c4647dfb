/// Alerts as signed events for an address of the user's.
@NullMarked
package dev.telltale.alerts.webhook;

import org.jspecify.annotations.NullMarked;
