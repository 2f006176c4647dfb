package dev.telltale.series;

import static dev.telltale.http.RawRequest.get;
import static dev.telltale.http.RawRequest.gzip;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.FileTree;
import dev.telltale.http.RawAnswer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// What is not well-formed, too large or out of range is answered by a problem of the 400s and leaves
/// nothing behind, however it is sent.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.tomcat.connection-timeout=1s",
            "telltale.http.max-body=1MB",
            "telltale.http.max-upload=8MB"
        })
class BadSeriesInputIT {

    private static final String ALL_SERIES = "/api/v1/series?limit=1000";
    private static final String ALL_JOBS = "/api/v1/jobs?limit=1000";

    @TempDir
    private static Path data;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @ParameterizedTest
    @MethodSource({
        "dev.telltale.series.BadUploads#jsonSamples",
        "dev.telltale.series.BadUploads#csvSamples",
        "dev.telltale.series.BadUploads#ndjsonSamples",
        "dev.telltale.series.BadUploads#forms",
        "dev.telltale.series.BadUploads#formsForAJob",
        "dev.telltale.series.BadUploads#tables",
        "dev.telltale.series.BadUploads#compressed",
        "dev.telltale.series.BadUploads#unfinished",
        "dev.telltale.series.BadSeriesRequests#descriptions",
        "dev.telltale.series.BadSeriesRequests#addresses",
        "dev.telltale.series.BadSeriesRequests#framing",
        "dev.telltale.series.BadSeriesRequests#endless",
    })
    void refusesAndStoresNothing(BadInput input) throws IOException {
        String before = get(ALL_SERIES).sendTo(port).body();
        String jobsBefore = get(ALL_JOBS).sendTo(port).body();
        RawAnswer answer = input.request().sendTo(port);

        assertThat(answer.status()).as(answer.text()).isBetween(400, 499).isEqualTo(input.status());
        if (!input.type().isEmpty()) {
            assertThat(answer.text()).contains("application/problem+json", input.type());
        }
        assertThat(answer.text()).doesNotContain("Exception", "dev.telltale", "org.", "java.", "\tat ");
        assertThat(get(ALL_SERIES).sendTo(port).body()).isEqualTo(before);
        assertThat(get(ALL_JOBS).sendTo(port).body()).isEqualTo(jobsBefore);
        assertThat(FileTree.bytes(data.resolve("uploads"))).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            underflow is zero        | {"samples":[{"timestamp":1393695240000,"value":1e-400}]}    | 0.0
            negative zero is zero    | {"samples":[{"timestamp":1393695240000,"value":-0.0}]}      | 0.0
            the smallest double      | {"samples":[{"timestamp":1393695240000,"value":4.9e-324}]}  | 4.9E-324
            the largest double       | {"samples":[{"timestamp":1393695240000,"value":1.7e308}]}   | 1.7E308
            nanoseconds are cut off  | {"samples":[{"timestamp":"2014-03-01T17:34:00.000999999Z","value":1}]} | 1.0
            """)
    void takesWhatIsOddButClear(String description, String body, String value) throws IOException {
        String path = "/api/v1/series/odd/samples";
        post(path + "?replace=true", "application/json", utf8(body)).sendTo(port);

        assertThat(get(path).sendTo(port).body())
                .as(description)
                .isEqualTo("{\"samples\":[{\"timestamp\":\"2014-03-01T17:34:00Z\",\"value\":" + value + "}]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            carriage returns alone   | timestamp,value\\r1393695240000,1\\r
            no end of the last line  | timestamp,value\\n1393695240000,1
            a byte order mark        | \uFEFFtimestamp,value\\n1393695240000,1\\n
            formulas in other cells  | timestamp,note,value\\n1393695240000,=cmd(),1\\n
            quoted line breaks       | timestamp,note,value\\n1393695240000,"a\\n""b"",",1\\n
            """)
    void takesCsvAsItIsFound(String description, String body) throws IOException {
        byte[] csv = utf8(body.translateEscapes());

        assertThat(post("/api/v1/series/found/samples", "text/csv", csv)
                        .sendTo(port)
                        .status())
                .as(description)
                .isEqualTo(200);
        assertThat(post("/api/v1/series/found/samples", "text/csv", gzip(csv), "gzip")
                        .sendTo(port)
                        .status())
                .isEqualTo(200);
    }
}
