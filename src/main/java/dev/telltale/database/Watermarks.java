package dev.telltale.database;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values by which this process sees that others have changed something. One statement asks for all of them twice a
/// second: who waits for news need not ask the server, most of the time for nothing, and costs nothing meanwhile.
final class Watermarks implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Function<String, List<String>> row;
    private final List<Followed> marks = new CopyOnWriteArrayList<>();
    private @Nullable Pulse looks; // from the first mark on; guarded by this

    /// @param row gives the columns of the one row that a statement finds, empty texts in place of nulls
    Watermarks(Function<String, List<String>> row) {
        this.row = row;
    }

    synchronized void follow(String expression, Predicate<String> isNews, Pulse pulse) {
        marks.add(new Followed(expression, isNews, pulse));
        if (looks == null) {
            looks = new Pulse("watermarks", PAUSE, this::look);
        }
    }

    @Override
    public void close() {
        Pulse begun;
        synchronized (this) {
            begun = looks;
        }
        if (begun != null) {
            begun.close();
        }
    }

    private void look() {
        marks.removeIf(mark -> mark.pulse.isClosed());
        List<Followed> known = List.copyOf(marks);
        if (known.isEmpty()) {
            return;
        }
        List<String> values = row.apply(
                "SELECT " + known.stream().map(mark -> mark.expression).collect(Collectors.joining(", ")));
        for (int i = 0; i < known.size(); i++) {
            known.get(i).found(values.get(i));
        }
    }

    /// Touched by who looks alone.
    private static final class Followed {

        private final String expression;
        private final Predicate<String> isNews;
        private final Pulse pulse;
        private @Nullable String last;

        Followed(String expression, Predicate<String> isNews, Pulse pulse) {
            this.expression = expression;
            this.isNews = isNews;
            this.pulse = pulse;
        }

        void found(String value) {
            if (!value.equals(last)) {
                if (isNews.test(value)) {
                    pulse.wake();
                }
                last = value;
            }
        }
    }
}
