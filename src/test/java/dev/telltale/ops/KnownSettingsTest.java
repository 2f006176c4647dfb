package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;

class KnownSettingsTest {

    @ConfigurationProperties(prefix = "telltale.jobs")
    record Jobs(int queueCapacity, Duration timeLimit, Nested retry) {}

    record Nested(int times) {}

    @ConfigurationProperties("telltale")
    record Plain(String dataDir) {}

    private final KnownSettings known = KnownSettings.of(List.of(Jobs.class, Plain.class, String.class));

    @Test
    void theyAreTheComponentsOfTheRecordsAndOfThoseInThem() {
        assertThat(known.all())
                .containsExactly(
                        "telltale.data-dir",
                        "telltale.jobs.queue-capacity",
                        "telltale.jobs.retry.times",
                        "telltale.jobs.time-limit");
    }

    @Test
    void theSpellingOfAKeyDoesNotMatter() {
        assertThat(List.of("telltale.data-dir", "telltale.dataDir", "TELLTALE_DATA_DIR", "TELLTALE_DATADIR"))
                .allMatch(known::contains);
        assertThat(known.contains("telltale.data")).isFalse();
    }

    @Test
    void theNearestKeyOfAMisspeltOneIsFound() {
        assertThat(known.nearest("telltale.job.queuecapacity")).contains("telltale.jobs.queue-capacity");
        assertThat(known.nearest("telltale.dat-dir")).contains("telltale.data-dir");
    }

    @Test
    void aKeyThatIsCutShortLeadsToTheWholeOne() {
        assertThat(known.nearest("TELLTALE_JOBS_QUEUE")).contains("telltale.jobs.queue-capacity");
    }

    @Test
    void aKeyThatIsLikeNoneHasNoNearest() {
        assertThat(known.nearest("telltale.xxxxxxxxxxxxxxxxxxxx")).isEmpty();
    }

    @Test
    void theDistanceIsThatOfThePlainRecursion() {
        Random random = new Random(1);
        for (int trial = 0; trial < 500; trial++) {
            String from = text(random);
            String to = text(random);
            assertThat(KnownSettings.distance(from, to)).as("%s %s", from, to).isEqualTo(recursive(from, to));
        }
    }

    private static int recursive(String from, String to) {
        if (from.isEmpty() || to.isEmpty()) {
            return from.length() + to.length();
        }
        if (from.charAt(0) == to.charAt(0)) {
            return recursive(from.substring(1), to.substring(1));
        }
        return 1
                + Math.min(
                        recursive(from.substring(1), to.substring(1)),
                        Math.min(recursive(from.substring(1), to), recursive(from, to.substring(1))));
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(6), 'a', 'd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
