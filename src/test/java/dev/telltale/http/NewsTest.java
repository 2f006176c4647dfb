package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NewsTest {

    private final News news = new News();

    @Test
    void whoAskedBeforeTheyCameMissesNone() {
        long seen = news.count();
        news.announce();
        assertThat(news.awaitMoreThan(seen, Long.MAX_VALUE)).isTrue();
        assertThat(news.awaitMoreThan(news.count(), 1)).isFalse();
    }

    @Test
    void wakeWhoeverWaits() {
        long seen = news.count();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> news.awaitMoreThan(seen, Long.MAX_VALUE));
        news.announce();
        assertThat(waiting.join()).isTrue();
    }

    @Test
    void nobodyWaitsOnceTheyHaveEnded() {
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> news.awaitMoreThan(0, Long.MAX_VALUE));
        assertThat(news.isOver()).isFalse();
        news.end();
        assertThat(waiting.join()).isFalse();
        news.pause(Long.MAX_VALUE);
        assertThat(news.isOver()).isTrue();
    }

    @Test
    void anInterruptedThreadWaitsNoMoreWhileOthersDo() {
        Thread.currentThread().interrupt();
        assertThat(news.awaitMoreThan(0, Long.MAX_VALUE)).isFalse();
        news.pause(Long.MAX_VALUE);
        assertThat(news.isOver()).isTrue();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(news.isOver()).isFalse();
    }
}
