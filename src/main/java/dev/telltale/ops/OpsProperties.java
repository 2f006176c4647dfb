package dev.telltale.ops;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the service does beside its work. Other records share the prefix, so their settings are not
/// unknown here; `SettingsCheck` finds those that no record has.
///
/// @param demo whether an empty data directory is filled with example telemetry and models of it; read
///     by `DemoConfiguration`
@ConfigurationProperties(prefix = "telltale")
record OpsProperties(@DefaultValue("false") boolean demo) {}
