package dev.telltale.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where people reach the service. Other records share the prefix, so their settings are not unknown here.
///
/// @param publicUrl `http` or `https` with a host, and a path where a proxy adds one
@ConfigurationProperties(prefix = "telltale")
record PublicUrlProperties(
        @DefaultValue("http://localhost:8080") URI publicUrl) {

    PublicUrlProperties {
        String scheme =
                publicUrl.getScheme() == null ? "" : publicUrl.getScheme().toLowerCase(Locale.ROOT);
        if (!List.of("http", "https").contains(scheme)
                || publicUrl.getHost() == null
                || publicUrl.getRawUserInfo() != null
                || publicUrl.getRawQuery() != null
                || publicUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "telltale.public-url must be such as https://telltale.example.com, was " + publicUrl);
        }
    }

    PublicUrl url() {
        return new PublicUrl(publicUrl.toString().replaceAll("/+$", ""));
    }
}
