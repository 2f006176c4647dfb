package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SeriesSummaryTest {

    /// pandas.Series([1, 2, 4, 10]).describe(): mean 4.25, std 4.031129, 1.75, 3, 5.5
    @Test
    void describesAsPandasDoes() {
        SeriesSummary summary = SeriesSummary.of(new Samples(minutes(0, 5, 10, 25), new double[] {4, 1, 10, 2}));

        assertThat(summary.count()).isEqualTo(4);
        assertThat(summary.mean()).isEqualTo(4.25);
        assertThat(summary.std()).isCloseTo(Math.sqrt(48.75 / 3), within(1e-15));
        assertThat(summary.min()).isEqualTo(1);
        assertThat(summary.p25()).isEqualTo(1.75);
        assertThat(summary.p50()).isEqualTo(3);
        assertThat(summary.p75()).isEqualTo(5.5);
        assertThat(summary.max()).isEqualTo(10);
        assertThat(summary.first()).isEqualTo(Instant.parse("2014-03-01T00:00:00Z"));
        assertThat(summary.last()).isEqualTo(Instant.parse("2014-03-01T00:25:00Z"));
        assertThat(summary.interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(summary.gaps()).isEqualTo(1);
    }

    @Test
    void hasNoDeviationAndNoIntervalOfOneSample() {
        SeriesSummary summary = SeriesSummary.of(new Samples(minutes(0), new double[] {7}));

        assertThat(summary.mean()).isEqualTo(7);
        assertThat(summary.std()).isNull();
        assertThat(summary.interval()).isNull();
        assertThat(summary.p25()).isEqualTo(7);
    }

    @Test
    void saysOnlyTheCountOfNoSamples() {
        SeriesSummary summary = SeriesSummary.of(Samples.empty());

        assertThat(summary.count()).isZero();
        assertThat(summary.mean()).isNull();
    }

    @Test
    void keepsItsDigitsFarFromZero() {
        SeriesSummary summary =
                SeriesSummary.of(new Samples(minutes(0, 1, 2), new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3}));

        assertThat(summary.mean()).isEqualTo(1e9 + 2);
        assertThat(summary.std()).isEqualTo(1);
    }

    @Test
    void staysFiniteWithHugeValues() {
        SeriesSummary summary =
                SeriesSummary.of(new Samples(minutes(0, 1, 2), new double[] {1.7e308, 1.7e308, -1.7e308}));

        assertThat(summary.mean()).isCloseTo(1.7e308 / 3, Percentage.withPercentage(1e-9));
        assertThat(SeriesSummary.of(new Samples(minutes(0, 1), new double[] {1e200, 3e200}))
                        .std())
                .isCloseTo(Math.sqrt(2) * 1e200, Percentage.withPercentage(1e-9));
    }

    @Test
    void countsRowsWhoseTimeStoodBefore() {
        SeriesSummary summary = SeriesSummary.of(minutes(0, 5, 5, 5, 10), new double[] {1, 2, 3, 4, 5});

        assertThat(summary.duplicates()).isEqualTo(2);
        assertThat(summary.interval()).isEqualTo(Duration.ofMinutes(5));
    }

    /// The figures are those that pandas prints for this file.
    @Test
    void describesNabsDiskWritesAsPandasDoes() throws IOException {
        String corpora = System.getenv("TELLTALE_CORPORA");
        assumeTrue(corpora != null, "TELLTALE_CORPORA does not name a directory of data sets");
        Path file = Path.of(corpora, "nab", "data", "realAWSCloudwatch", "ec2_disk_write_bytes_1ef3de.csv");
        try (InputStream in = Files.newInputStream(file)) {
            SeriesSummary summary =
                    new SampleReader(new Json()).csv(in, ZoneOffset.UTC).summary();

            assertThat(summary.count()).isEqualTo(4_730);
            assertThat("%.6e".formatted(summary.mean())).isEqualTo("6.581561e+06");
            assertThat("%.6e".formatted(summary.std())).isEqualTo("4.038568e+07");
            assertThat(summary.min()).isZero();
            assertThat(summary.p25()).isZero();
            assertThat(summary.p50()).isZero();
            assertThat(summary.p75()).isZero();
            assertThat("%.6e".formatted(summary.max())).isEqualTo("5.474570e+08");
        }
    }

    private static long[] minutes(long... minutes) {
        long start = Instant.parse("2014-03-01T00:00:00Z").toEpochMilli();
        return java.util.Arrays.stream(minutes)
                .map(minute -> start + 60_000 * minute)
                .toArray();
    }
}
