package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatermarksTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final Map<String, String> values = new ConcurrentHashMap<>(Map.of("a", "1", "b", "1"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isGone = new AtomicBoolean();
    private final Watermarks watermarks = new Watermarks(this::row);

    @AfterEach
    void close() {
        watermarks.close();
    }

    @Test
    void asksForAllOfThemAtOnceAndWakesWhoseValueIsNew() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        try (Pulse one = new Pulse("one", NEVER, first::incrementAndGet);
                Pulse other = new Pulse("other", NEVER, second::incrementAndGet)) {
            watermarks.follow("a", value -> true, one);
            watermarks.follow("b", value -> true, other);
            await().untilAsserted(
                            () -> assertThat(List.of(first.get(), second.get())).containsExactly(1, 1));

            values.put("a", "2");

            await().untilAsserted(() -> assertThat(first.get()).isEqualTo(2));
            looksTwice();
            assertThat(first.get()).isEqualTo(2);
            assertThat(second.get()).isEqualTo(1);
            assertThat(asked).last().isEqualTo("SELECT a, b");
        }
    }

    @Test
    void wakesNobodyWhoIsNotConcerned() {
        AtomicInteger woken = new AtomicInteger();
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Pulse pulse = new Pulse("one", NEVER, woken::incrementAndGet)) {
            watermarks.follow(
                    "a",
                    value -> {
                        heard.add(value);
                        return value.equals("3");
                    },
                    pulse);
            await().untilAsserted(() -> assertThat(heard).containsExactly("1"));
            values.put("a", "2");
            await().untilAsserted(() -> assertThat(heard).containsExactly("1", "2"));
            assertThat(woken.get()).isZero();

            values.put("a", "3");

            await().untilAsserted(() -> assertThat(woken.get()).isEqualTo(1));
        }
    }

    @Test
    void asksNoMoreForWhoIsClosed() {
        try (Pulse stays = new Pulse("one", NEVER, () -> {})) {
            Pulse goes = new Pulse("other", NEVER, () -> {});
            watermarks.follow("a", value -> true, goes);
            watermarks.follow("b", value -> true, stays);

            goes.close();

            await().untilAsserted(() -> assertThat(asked).last().isEqualTo("SELECT b"));
        }
    }

    @Test
    void tellsWhatHasChangedWhileTheServerDidNotAnswer() {
        AtomicInteger woken = new AtomicInteger();
        try (Pulse pulse = new Pulse("one", NEVER, woken::incrementAndGet)) {
            watermarks.follow("a", value -> true, pulse);
            await().untilAsserted(() -> assertThat(woken.get()).isEqualTo(1));
            isGone.set(true);
            looksTwice();
            values.put("a", "2");
            looksTwice();
            assertThat(woken.get()).isEqualTo(1);

            isGone.set(false);

            await().untilAsserted(() -> assertThat(woken.get()).isEqualTo(2));
        }
    }

    private void looksTwice() {
        int before = asked.size();
        await().until(() -> asked.size() >= before + 2);
    }

    private List<String> row(String select) {
        asked.add(select);
        if (isGone.get()) {
            throw new IllegalStateException("the server does not answer");
        }
        return Stream.of(select.replace("SELECT ", "").split(", ", -1))
                .map(values::get)
                .toList();
    }
}
