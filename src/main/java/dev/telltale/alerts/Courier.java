package dev.telltale.alerts;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries requests to receivers, which may be slow, broken or hostile: each goes over a connection of its own to an
/// address that was just checked, follows no redirect, keeps no cookie, has a time limit as a whole, and reads of the
/// answer no more than its head and the beginning of an error.
final class Courier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_HEADERS = 100;
    private static final int MOST_CONNECTIONS = 1_000;
    private static final int LONGEST_EXCERPT = 200;
    /// Statuses in 400 to 499 that tell of the receiver's state or our rights, which may be mended, not of the message.
    private static final Set<Integer> MENDABLE = Set.of(401, 403, 404, 407, 408, 425, 429);

    private final CloseableHttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration timeout;
    private final InstantSource clock;

    /// @param names tells only addresses that may be sent to
    /// @param tls makes secure connections, checking certificates and names
    /// @param timeout of one request as a whole
    Courier(GuardedNames names, TlsSocketStrategy tls, Duration timeout, InstantSource clock) {
        this.timeout = timeout;
        this.clock = clock;
        Timeout each = Timeout.of(timeout);
        Http1Config bounds = Http1Config.custom()
                .setMaxLineLength(LONGEST_LINE)
                .setMaxHeaderCount(MOST_HEADERS)
                .build();
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Resolver(names))
                        .setTlsSocketStrategy(tls)
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(bounds)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(each)
                                .setSocketTimeout(each)
                                .build())
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(each)
                        .setResponseTimeout(each)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setContentCompressionEnabled(false)
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent("Telltale")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    /// What became of a request.
    sealed interface Outcome {

        /// The receiver has it.
        record Taken() implements Outcome {}

        /// It may be taken another time.
        ///
        /// @param wish how long the receiver asks to wait before that
        record Failed(String cause, Optional<Duration> wish) implements Outcome {}

        /// It will never be taken.
        record Refused(String cause) implements Outcome {}
    }

    Outcome send(Outgoing outgoing) {
        HttpPost request = new HttpPost(outgoing.uri());
        outgoing.headers().forEach(request::setHeader);
        request.setHeader("User-Agent", "Telltale");
        request.setEntity(new ByteArrayEntity(outgoing.body(), ContentType.parse(outgoing.contentType())));
        Future<Outcome> answer = threads.submit(() -> exchange(HttpHost.create(outgoing.uri()), request));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            return failed(noAnswer());
        } catch (ExecutionException broken) {
            return failed(sentence(Optional.ofNullable(broken.getCause()).orElse(broken)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return failed("the service stops");
        } finally {
            request.abort();
            answer.cancel(true);
        }
    }

    private Outcome exchange(HttpHost host, HttpPost request) throws IOException {
        ClassicHttpResponse response = client.executeOpen(host, request, null);
        try {
            return outcome(response);
        } finally {
            // Before the answer is closed, which would read it to its end.
            request.abort();
            discard(response);
        }
    }

    private static void discard(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException cutOff) {
            LOG.trace("An answer was not read to its end", cutOff);
        }
    }

    private Outcome outcome(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        if (status >= 200 && status < 300) {
            return new Outcome.Taken();
        }
        if (status >= 300 && status < 400) {
            return failed("the answer was " + status + ", and no redirect is followed; name the right address");
        }
        String cause = "the answer was " + status + excerpt(response);
        return status >= 400 && status < 500 && !MENDABLE.contains(status)
                ? new Outcome.Refused(cause)
                : new Outcome.Failed(cause, retryAfter(response));
    }

    /// The beginning of an error's text, as it may stand in an answer or a log.
    private static String excerpt(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        InputStream body = entity == null ? null : entity.getContent();
        if (body == null) {
            return "";
        }
        String text = new String(body.readNBytes(LONGEST_EXCERPT), StandardCharsets.UTF_8)
                .replaceAll("[\\p{Cntrl}\\p{Cs}\\s]+", " ")
                .strip();
        return text.isEmpty() ? "" : ": " + text;
    }

    private Optional<Duration> retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("Retry-After");
        if (header == null || header.getValue() == null) {
            return Optional.empty();
        }
        String value = header.getValue().strip();
        try {
            if (value.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            Instant moment = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(clock.instant(), moment)).filter(Duration::isPositive);
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static Outcome failed(String cause) {
        return new Outcome.Failed(cause, Optional.empty());
    }

    private String noAnswer() {
        return "there was no answer within " + timeout.toMillis() + " ms";
    }

    /// Why there was no answer, in words that tell nothing of our code.
    private String sentence(Throwable failure) {
        return switch (failure) {
            case SocketTimeoutException slow -> noAnswer(); // the limit between bytes may be a moment earlier
            case UnknownHostException unknown -> String.valueOf(unknown.getMessage());
            case SSLException tls -> "no secure connection: " + message(tls);
            default -> "no connection: " + message(failure);
        };
    }

    private static String message(Throwable failure) {
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return text.substring(0, Math.min(text.length(), LONGEST_EXCERPT)).replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ");
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        threads.shutdownNow();
    }

    /// The library connects to the addresses that this returns, and to no other.
    private record Resolver(GuardedNames names) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return names.resolve(plain).toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host.toLowerCase(Locale.ROOT);
        }
    }
}
