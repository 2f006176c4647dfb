package dev.telltale.access;

import dev.telltale.http.RouteCredential;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;

/// Finds out from the headers of a request who sent it: `Authorization` with a key or a token, or a key where
/// Amazon Data Firehose sends it. The address is never asked, since addresses end up in logs.
final class Credentials {

    static final String FIREHOSE_PATH = "/api/v1/ingest/firehose";
    static final String FIREHOSE_KEY = "X-Amz-Firehose-Access-Key";

    private final Keys keys;
    private final Tokens tokens;
    private final List<RouteCredential> ofRoutes;

    Credentials(Keys keys, Tokens tokens, Stream<RouteCredential> ofRoutes) {
        this.keys = keys;
        this.tokens = tokens;
        this.ofRoutes = ofRoutes.toList();
    }

    Recognition recognise(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() > 1) {
            return new Recognition.Stranger(); // a proxy may have looked at the other one
        }
        if (!headers.isEmpty()) {
            return ofAuthorization(headers.getFirst());
        }
        Optional<String> ofRoute = ofRoute(request);
        if (ofRoute.isPresent()) {
            return new Recognition.Known(new Caller(ofRoute.get(), Set.of(Role.WRITER)));
        }
        String key = request.getHeader(FIREHOSE_KEY);
        return key != null && request.getRequestURI().equals(FIREHOSE_PATH) ? ofKey(key) : new Recognition.Nobody();
    }

    /// Whether it shows a key of its route, and a wrong one. Firehose has the only such route.
    boolean showWrongOneOfARoute(HttpServletRequest request) {
        return request.getHeader(FIREHOSE_KEY) != null
                && request.getRequestURI().equals(FIREHOSE_PATH)
                && ofRoute(request).isEmpty();
    }

    private Optional<String> ofRoute(HttpServletRequest request) {
        return ofRoutes.stream()
                .flatMap(credential -> credential.caller(request).stream())
                .findFirst();
    }

    private Recognition ofAuthorization(String header) {
        String[] parts = header.strip().split(" +", 2);
        String value = parts.length == 2 ? parts[1] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> value.startsWith(KeyText.BEGIN) ? ofKey(value) : tokens.check(value);
            case "basic" -> ofKey(Presented.password(value).orElse(""));
            default -> new Recognition.Stranger();
        };
    }

    private Recognition ofKey(String text) {
        return KeyText.parse(text)
                .flatMap(keys::check)
                .<Recognition>map(Recognition.Known::new)
                .orElseGet(Recognition.Stranger::new);
    }
}
