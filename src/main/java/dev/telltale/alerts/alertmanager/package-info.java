/// Alerts for a Prometheus Alertmanager.
@NullMarked
package dev.telltale.alerts.alertmanager;

import org.jspecify.annotations.NullMarked;
