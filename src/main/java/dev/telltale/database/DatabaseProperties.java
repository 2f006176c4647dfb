package dev.telltale.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where data is kept. Other records share the prefix, so their settings are not unknown here.
///
/// @param dataDir made if it is not there; one process at a time
@ConfigurationProperties(prefix = "telltale")
record DatabaseProperties(@DefaultValue("./data") Path dataDir) {}
