package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody who tries one wrong credential after the other, and those beside him.
class FailuresIT {

    private static final String FIREHOSE = "/api/v1/ingest/firehose";
    private static final String RIGHT = "0123456789abcdef";
    private static final String DELIVERY = "{\"requestId\":\"r\",\"timestamp\":1,\"records\":[]}";

    @TempDir
    private Path directory;

    @Test
    void looksAtFewOfAThousandWrongKeysOfAnAddressAndAtAllRightOnesOfOthers() throws Exception {
        try (RunningService service = new RunningService(
                directory,
                "--telltale.ingest.firehose.access-key=" + RIGHT,
                "--telltale.access.rate.failures=1")) { // or a slow machine keeps up with them
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (int i = 0; i < 1_000; i++) {
                HttpResponse<String> wrong = service.send("POST", FIREHOSE, DELIVERY, key("wrong-" + i));
                statuses.merge(wrong.statusCode(), 1, Integer::sum);
                if (i % 10 == 0) {
                    assertThat(service.sendFromElsewhere("POST", FIREHOSE, DELIVERY, key(RIGHT))
                                    .statusCode())
                            .as("who is right, from another address")
                            .isEqualTo(200);
                }
            }
            assertThat(statuses).containsOnlyKeys(401, 503);
            assertThat(statuses.get(401)).isGreaterThanOrEqualTo(100);
            assertThat(statuses.get(503)).as("of 1,000").isGreaterThan(500);

            assertThat(service.get("/api/v1/series").statusCode())
                    .as("without credentials")
                    .isEqualTo(200);
            assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = refused(service);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("had wrong credentials").doesNotContain("secret");
        }
    }

    @Test
    void letsWhatIsRightPassFromTheAddressThatGuesses() throws Exception {
        try (RunningService service = new RunningService(
                directory,
                "--telltale.ingest.firehose.access-key=" + RIGHT,
                "--telltale.access.rate.failures=1",
                "--telltale.access.rate.failure-burst=1")) {
            Keys.Made made = service.bean(Keys.class).create("agent", Set.of(Role.READER), null, "test");
            String right = made.text().written();
            String guess = right.substring(0, right.length() - 10) + "aaaaaaaaaa";
            int refused = 0;
            for (int i = 0; i < 100; i++) {
                int status = service.get("/api/v1/series", "Authorization: Bearer " + guess)
                        .statusCode();
                assertThat(status).isIn(401, 429);
                refused += status == 429 ? 1 : 0;
                assertThat(service.get("/api/v1/series", "Authorization: Bearer " + right)
                                .statusCode())
                        .isEqualTo(200);
                assertThat(service.send("POST", FIREHOSE, DELIVERY, key(RIGHT)).statusCode())
                        .isEqualTo(200);
                assertThat(service.get("/actuator/health/liveness", "Authorization: Bearer " + guess)
                                .statusCode())
                        .as("where nothing is asked for")
                        .isEqualTo(200);
            }
            assertThat(refused).as("of the guesses").isPositive();
        }
    }

    /// A request that is refused for the failures before it. They fill up again while this is asked.
    private static HttpResponse<String> refused(RunningService service) throws IOException, InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            service.send("POST", FIREHOSE, DELIVERY, key("wrong"));
            HttpResponse<String> answer = service.send("POST", FIREHOSE, DELIVERY, key("secret"));
            if (answer.statusCode() == 503) {
                return answer;
            }
        }
        throw new AssertionError("nothing was refused");
    }

    private static String key(String key) {
        return "X-Amz-Firehose-Access-Key: " + key;
    }
}
