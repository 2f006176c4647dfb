package dev.telltale.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How many requests of each kind are worked on at once, and how many more may wait. Health and meters are not
/// counted.
///
/// @param scorings scores, attention and plots; by default two for each core
/// @param waitingScorings four for each of them by default
/// @param pushes of monitoring systems
/// @param uploads streamed bodies: samples, files, models
/// @param others all other requests
@ConfigurationProperties(prefix = "telltale.work", ignoreUnknownFields = false)
record WorkProperties(
        @Nullable Integer scorings,
        @Nullable Integer waitingScorings,
        @DefaultValue("32") int pushes,
        @DefaultValue("32") int waitingPushes,
        @DefaultValue("16") int uploads,
        @DefaultValue("64") int waitingUploads,
        @DefaultValue("64") int others,
        @DefaultValue("1000") int waitingOthers) {

    private static final int MOST = 10_000;
    private static final int FOR_EACH_CORE = 2;
    private static final int WAITING_FOR_EACH = 4;

    WorkProperties {
        check("scorings", scorings == null ? 1 : scorings, 1);
        check("waiting-scorings", waitingScorings == null ? 0 : waitingScorings, 0);
        check("pushes", pushes, 1);
        check("waiting-pushes", waitingPushes, 0);
        check("uploads", uploads, 1);
        check("waiting-uploads", waitingUploads, 0);
        check("others", others, 1);
        check("waiting-others", waitingOthers, 0);
    }

    Gates gates() {
        int scoringsOrDefault =
                scorings == null ? FOR_EACH_CORE * Runtime.getRuntime().availableProcessors() : scorings;
        int waitingOrDefault = waitingScorings == null ? WAITING_FOR_EACH * scoringsOrDefault : waitingScorings;
        return new Gates(Map.of(
                Work.SCORING, new Gate(scoringsOrDefault, waitingOrDefault),
                Work.PUSH, new Gate(pushes, waitingPushes),
                Work.UPLOAD, new Gate(uploads, waitingUploads),
                Work.OTHER, new Gate(others, waitingOthers)));
    }

    private static void check(String name, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "telltale.work.%s must be from %d to %d, was %d".formatted(name, least, MOST, value));
        }
    }
}
