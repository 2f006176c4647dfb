package dev.telltale.http;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How many requests of each kind are worked on at once, and how many more may wait. Health and meters are not
/// counted.
///
/// @param scorings scores, attention and plots; by default two for each core
/// @param waitingScorings four for each of them by default
/// @param pushes of monitoring systems; by default four for each core, since they wait for the disk
/// @param waitingPushes four for each of them by default
/// @param uploads streamed bodies: samples, files, models
/// @param others all other requests
@ConfigurationProperties(prefix = "telltale.work", ignoreUnknownFields = false)
record WorkProperties(
        @Nullable Integer scorings,
        @Nullable Integer waitingScorings,
        @Nullable Integer pushes,
        @Nullable Integer waitingPushes,
        @DefaultValue("16") int uploads,
        @DefaultValue("64") int waitingUploads,
        @DefaultValue("64") int others,
        @DefaultValue("1000") int waitingOthers) {

    private static final int MOST = 10_000;
    private static final int SCORINGS_FOR_EACH_CORE = 2;
    private static final int PUSHES_FOR_EACH_CORE = 4;
    private static final int WAITING_FOR_EACH = 4;

    WorkProperties {
        check("scorings", scorings, 1);
        check("waiting-scorings", waitingScorings, 0);
        check("pushes", pushes, 1);
        check("waiting-pushes", waitingPushes, 0);
        check("uploads", uploads, 1);
        check("waiting-uploads", waitingUploads, 0);
        check("others", others, 1);
        check("waiting-others", waitingOthers, 0);
    }

    Gates gates() {
        return new Gates(Map.of(
                Work.SCORING,
                gate(scorings, SCORINGS_FOR_EACH_CORE, waitingScorings),
                Work.PUSH,
                gate(pushes, PUSHES_FOR_EACH_CORE, waitingPushes),
                Work.UPLOAD,
                new Gate(uploads, waitingUploads),
                Work.OTHER,
                new Gate(others, waitingOthers)));
    }

    /// These take long: where the queue does not end its callers would only wait longer, so it gets short.
    private static Gate gate(@Nullable Integer atOnce, int forEachCore, @Nullable Integer waiting) {
        int places = Objects.requireNonNullElse(
                atOnce, forEachCore * Runtime.getRuntime().availableProcessors());
        int mostWaiting = Objects.requireNonNullElse(waiting, WAITING_FOR_EACH * places);
        return new Gate(places, mostWaiting, places, System::nanoTime);
    }

    private static void check(String name, @Nullable Integer value, int least) {
        if (value != null && (value < least || value > MOST)) {
            throw new IllegalArgumentException(
                    "telltale.work.%s must be from %d to %d, was %d".formatted(name, least, MOST, value));
        }
    }
}
