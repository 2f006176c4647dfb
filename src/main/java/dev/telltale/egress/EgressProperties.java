package dev.telltale.egress;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where scores go beside the store.
///
/// @param exportedSeries watched series whose newest score can be scraped, 0 to 100,000
/// @param staleAfter a series without a new score for so long is not scraped any more, 1 s to 366 d
/// @param remoteWrite who gets scores sent
@ConfigurationProperties(prefix = "telltale.egress", ignoreUnknownFields = false)
record EgressProperties(
        @DefaultValue("1000") int exportedSeries,
        @DefaultValue("10m") Duration staleAfter,
        @DefaultValue RemoteWrite remoteWrite) {

    private static final int MOST_EXPORTED = 100_000;
    private static final Duration A_YEAR = Duration.ofDays(366);

    EgressProperties {
        require(exportedSeries >= 0 && exportedSeries <= MOST_EXPORTED, "exported-series must be from 0 to 100,000");
        require(isWithin(staleAfter, Duration.ofSeconds(1), A_YEAR), "stale-after must be from 1s to 366d");
    }

    /// A receiver of Prometheus remote write 1.0.
    ///
    /// @param url of its endpoint, `http` or `https`; empty: nothing is sent
    /// @param bearerToken sent as `Authorization: Bearer …`; empty: none
    /// @param timeout for one request, from connecting to the end of the answer; 100 ms to 5 min
    /// @param batch samples in one request, 4 to 50,000; the scores of one row are up to 4
    /// @param queue samples that wait in memory, at least `batch`, at most 10,000,000; beyond it the oldest go
    /// @param maxAge samples of rows that are older when they would be sent are left out, 1 s to 10,000 d
    record RemoteWrite(
            @DefaultValue("") String url,
            @DefaultValue("") String bearerToken,
            @DefaultValue("5s") Duration timeout,
            @DefaultValue("2000") int batch,
            @DefaultValue("100000") int queue,
            @DefaultValue("1h") Duration maxAge) {

        private static final int SAMPLES_OF_A_ROW = 4;
        private static final int LARGEST_BATCH = 50_000;
        private static final int LARGEST_QUEUE = 10_000_000;
        private static final String VISIBLE = "[\\x21-\\x7e]*";

        RemoteWrite {
            require(
                    url.isEmpty() || isPlainHttp(url),
                    "remote-write.url must be an http or https address without a user");
            require(bearerToken.matches(VISIBLE), "remote-write.bearer-token must be of visible ASCII characters");
            require(
                    isWithin(timeout, Duration.ofMillis(100), Duration.ofMinutes(5)),
                    "remote-write.timeout must be from 100ms to 5m");
            require(batch >= SAMPLES_OF_A_ROW && batch <= LARGEST_BATCH, "remote-write.batch must be from 4 to 50,000");
            require(queue >= batch && queue <= LARGEST_QUEUE, "remote-write.queue must be from batch to 10,000,000");
            require(
                    isWithin(maxAge, Duration.ofSeconds(1), Duration.ofDays(10_000)),
                    "remote-write.max-age must be from 1s to 10000d");
        }

        /// Where to, if anywhere.
        Optional<URI> address() {
            return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
        }

        private static boolean isPlainHttp(String url) {
            try {
                URI address = new URI(url);
                String scheme = String.valueOf(address.getScheme());
                return (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
                        && address.getHost() != null
                        && address.getUserInfo() == null;
            } catch (URISyntaxException unreadable) {
                return false;
            }
        }

        /// Without what may be secret.
        @Override
        public String toString() {
            return "RemoteWrite[" + place() + "]";
        }

        /// Where it is, without what may be secret.
        String place() {
            return address()
                    .map(to -> to.getScheme() + "://" + to.getRawAuthority() + to.getRawPath())
                    .orElse("nowhere");
        }
    }

    private static boolean isWithin(Duration duration, Duration least, Duration most) {
        return duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("telltale.egress." + otherwise);
        }
    }
}
