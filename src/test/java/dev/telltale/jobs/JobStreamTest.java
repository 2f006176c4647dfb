package dev.telltale.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class JobStreamTest {

    private static final String FIRST_LINE = "retry: 2000\n\n";
    private static final String HEARTBEAT = ": still here\n\n";
    private static final Job BEGUN = running(Optional.empty());
    private static final Job FURTHER = running(Optional.of(new JobProgress.Upload(1, 2, 3)));

    private final AtomicLong nanoTime = new AtomicLong(-5);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void givesASignOfLifeAfterFifteenSecondsOfSilence() {
        stream(follower -> {
                    told(follower, BEGUN, Duration.ZERO, FIRST_LINE + event("state", BEGUN));
                    told(follower, BEGUN, Duration.ofMillis(14_999), "");
                    told(follower, BEGUN, Duration.ofMillis(1), HEARTBEAT);
                    told(follower, BEGUN, Duration.ofSeconds(14), "");
                    told(follower, BEGUN, Duration.ofSeconds(2), HEARTBEAT);
                    told(follower, FURTHER, Duration.ofSeconds(14), event("progress", FURTHER));
                    told(follower, FURTHER, Duration.ofSeconds(14), "");
                    told(follower, FURTHER, Duration.ofSeconds(1), HEARTBEAT);
                })
                .write(17, "", out);
    }

    @Test
    void givesASignOfLifeToWhoComesBackAndHasMissedNothing() {
        stream(follower -> {
                    told(follower, BEGUN, Duration.ofSeconds(14), FIRST_LINE);
                    told(follower, BEGUN, Duration.ofSeconds(1), HEARTBEAT);
                })
                .write(17, id(BEGUN), out);
    }

    @Test
    void endsWhenASignOfLifeFindsThatTheReaderHasGone() {
        OutputStream closedAfterASecond = new OutputStream() {

            @Override
            public void write(int value) throws IOException {
                if (nanoTime.get() > Duration.ofSeconds(1).toNanos()) {
                    throw new IOException("broken pipe");
                }
            }
        };
        stream(follower -> {
                    assertThat(follower.test(BEGUN)).isTrue();
                    nanoTime.addAndGet(Duration.ofSeconds(15).toNanos());
                    assertThat(follower.test(BEGUN)).isFalse();
                })
                .write(17, "", closedAfterASecond);
    }

    private JobStream stream(Consumer<Predicate<Job>> story) {
        return new JobStream((id, pause, follower) -> story.accept(follower), new Json(), nanoTime::get);
    }

    /// Lets time pass and shows the job as it stands then.
    private void told(Predicate<Job> follower, Job job, Duration later, String expected) {
        nanoTime.addAndGet(later.toNanos());
        assertThat(follower.test(job)).isTrue();
        assertThat(out.toString(UTF_8)).isEqualTo(expected);
        out.reset();
    }

    private String event(String name, Job job) {
        String data = new String(new Json().write(JobDocument.of(job)), UTF_8);
        return "id: " + id(job) + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }

    private String id(Job job) {
        return stream(follower -> {}).idOf(job);
    }

    private static Job running(Optional<JobProgress> progress) {
        return new Job(
                17,
                "upload",
                "file",
                "{}",
                new JobState.Running(),
                progress,
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                Optional.empty());
    }
}
