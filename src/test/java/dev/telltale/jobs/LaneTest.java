package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LaneTest {

    @Test
    void waitsOnceForAllLanesThatDoNotEnd() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        List<Lane> lanes = Stream.of("a", "b", "c")
                .map(name -> new Lane(name, List.of(name)))
                .toList();
        lanes.forEach(lane -> Thread.startVirtualThread(() -> lane.run(() -> {
            begun.countDown();
            awaitUninterrupted(end);
        })));
        begun.await();

        long before = System.nanoTime();
        Lane.close(lanes, Duration.ofSeconds(1));
        Duration waited = Duration.ofNanos(System.nanoTime() - before);
        end.countDown();

        assertThat(waited).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_900));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
