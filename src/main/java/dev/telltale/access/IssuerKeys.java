package dev.telltale.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/// The public keys of an issuer, read from where the settings or the issuer itself say they are, when the first
/// token comes: the service starts while the issuer is down. No address is ever taken from a token.
///
/// @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect Discovery 1.0</a>
final class IssuerKeys implements JWKSetSource<SecurityContext> {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int MOST_BYTES = 256 << 10;

    private final URI issuer;
    private final ResourceRetriever retriever = new Plain();
    private volatile Optional<URI> place;
    private volatile boolean read;

    /// @param place where the keys are, if the settings say it
    IssuerKeys(URI issuer, Optional<URI> place) {
        this.issuer = issuer;
        this.place = place;
    }

    /// Follows no redirections, and reads no more than keys need.
    private static final class Plain extends DefaultResourceRetriever {

        Plain() {
            super(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MOST_BYTES);
        }

        @Override
        protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
            HttpURLConnection connection = super.openHTTPConnection(url);
            connection.setInstanceFollowRedirects(false);
            return connection;
        }
    }

    /// Whether the keys could be read when that was tried last. So what is missing then is not the issuer's.
    boolean wereRead() {
        return read;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
            throws KeySourceException {
        boolean isRead = false;
        try {
            if (place.isEmpty()) {
                place = Optional.of(discovered());
            }
            JWKSet keys = new URLBasedJWKSetSource<>(place.get().toURL(), retriever).getJWKSet(refresh, now, context);
            isRead = true;
            return keys;
        } catch (IOException | ParseException | URISyntaxException | IllegalArgumentException e) {
            throw new JWKSetUnavailableException("the issuer " + issuer + " does not say where its keys are", e);
        } finally {
            read = isRead;
        }
    }

    private URI discovered() throws IOException, ParseException, URISyntaxException {
        URL document =
                URI.create(issuer.toString().replaceFirst("/$", "") + DISCOVERY).toURL();
        Map<String, Object> said =
                JSONObjectUtils.parse(retriever.retrieveResource(document).getContent());
        if (!issuer.toString().equals(JSONObjectUtils.getString(said, "issuer"))) {
            throw new IOException("the document of " + issuer + " is that of another issuer");
        }
        URI keys = JSONObjectUtils.getURI(said, "jwks_uri");
        if (keys == null || !issuer.getScheme().equalsIgnoreCase(keys.getScheme())) {
            throw new IOException("the document of " + issuer + " names no jwks_uri of the same scheme");
        }
        return keys;
    }

    @Override
    public void close() {}
}
