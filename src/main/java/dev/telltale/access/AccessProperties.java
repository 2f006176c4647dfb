package dev.telltale.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who is let in beside the holders of keys that the service made. Another record shares the prefix, so its settings
/// are not unknown here.
///
/// @param keyFile a file with one key, which becomes an admin's at the start
/// @param issuer whose tokens are taken, as their `iss` says it; none are without it
/// @param audience what their `aud` must hold; required with an issuer
/// @param jwkSetUri where the issuer's public keys are; asked of the issuer if left out
/// @param rolesClaim where a token says its roles: a list or a text with spaces; a path with dots goes into objects
@ConfigurationProperties(prefix = "telltale.access")
record AccessProperties(
        @Nullable Path keyFile,
        @Nullable URI issuer,
        @Nullable String audience,
        @Nullable URI jwkSetUri,
        @DefaultValue("roles") String rolesClaim) {

    AccessProperties {
        checkUri("issuer", issuer);
        checkUri("jwk-set-uri", jwkSetUri);
        boolean hasAudience = audience != null && !audience.isBlank();
        if (issuer != null && !hasAudience) {
            throw new IllegalArgumentException("telltale.access.audience must be set with telltale.access.issuer:"
                    + " without it the tokens of every other service would be taken");
        }
        if (issuer == null && (hasAudience || jwkSetUri != null)) {
            throw new IllegalArgumentException(
                    "telltale.access.issuer must be set with telltale.access.audience and jwk-set-uri");
        }
        if (rolesClaim.isBlank()) {
            throw new IllegalArgumentException("telltale.access.roles-claim must name a claim, such as roles");
        }
    }

    private static void checkUri(String key, @Nullable URI uri) {
        if (uri != null
                && (uri.getScheme() == null
                        || !List.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT))
                        || uri.getHost() == null)) {
            throw new IllegalArgumentException(
                    "telltale.access." + key + " must be such as https://login.example.com/, was " + uri);
        }
    }
}
