package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Whatever bytes are uploaded: they are refused by a problem, or what is read of them are finite samples of the
/// times that are stored, no more than the bytes can hold.
class UploadFuzzTest {

    private static final long FIRST = 946_684_800_000L; // 2000-01-01
    private static final long LAST = 4_102_444_800_000L; // 2100-01-01
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final SampleReader reader = new SampleReader(new Json());

    @FuzzTest
    void csv(byte[] body) {
        check(body, UploadFormat.CSV, ZoneOffset.UTC);
        check(body, UploadFormat.CSV, BERLIN);
    }

    @FuzzTest
    void json(byte[] body) {
        check(body, UploadFormat.JSON, ZoneOffset.UTC);
    }

    @FuzzTest
    void ndjson(byte[] body) {
        check(body, UploadFormat.NDJSON, ZoneOffset.UTC);
    }

    @FuzzTest
    void csvTable(byte[] body) {
        try {
            reader.csvTable(new ByteArrayInputStream(body), columns -> {}, ZoneOffset.UTC)
                    .forEach((name, rows) -> check(body, rows));
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }

    @FuzzTest
    void jsonTable(byte[] body) {
        try {
            reader.jsonTable(new ByteArrayInputStream(body), columns -> {}, ZoneOffset.UTC)
                    .forEach((name, rows) -> check(body, rows));
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }

    private void check(byte[] body, UploadFormat format, ZoneId zone) {
        try {
            check(body, reader.read(format, new ByteArrayInputStream(body), zone));
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
            assertThat(refused.errors()).hasSizeLessThanOrEqualTo(100);
        }
    }

    private static void check(byte[] body, SampleRows rows) {
        Samples samples = rows.samples(Duplicates.LAST);
        assertThat(samples.times().length).isLessThanOrEqualTo(body.length);
        long before = Long.MIN_VALUE;
        for (long time : samples.times()) {
            assertThat(time).isBetween(FIRST, LAST).isGreaterThan(before);
            before = time;
        }
        for (double value : samples.values()) {
            assertThat(value).isFinite();
        }
    }
}
