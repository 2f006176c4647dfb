package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final TimeMeter clock = new TimeMeter() {

        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };

    @Test
    void givesTheBurstAtOnceAndThenTheRate() {
        Buckets buckets = new Buckets(new Rate(2, 5), 10, clock);
        assertThat(taken(buckets, "a")).isEqualTo(5);
        pass(Duration.ofSeconds(1));
        assertThat(taken(buckets, "a")).isEqualTo(2);
        pass(Duration.ofHours(1));
        assertThat(taken(buckets, "a")).isEqualTo(5);
    }

    @Test
    void fillsEachBucketForItself() {
        Buckets buckets = new Buckets(new Rate(1, 3), 10, clock);
        assertThat(taken(buckets, "a")).isEqualTo(3);
        assertThat(taken(buckets, "b")).isEqualTo(3);
    }

    @Test
    void forgetsWhoIsFullAgainAndNobodySooner() {
        Buckets buckets = new Buckets(new Rate(2, 5), 10, clock); // full after 2.5 s, kept for 3
        taken(buckets, "a");
        pass(Duration.ofMillis(2_400));
        assertThat(buckets.find("a")).isPresent();
        pass(Duration.ofMillis(3_100));
        assertThat(buckets.find("a")).isEmpty();
    }

    @Test
    void remembersNoMoreCallersThanItMay() {
        Buckets buckets = new Buckets(new Rate(1, 1), 100, clock);
        for (int caller = 0; caller < 10_000; caller++) {
            buckets.of("caller " + caller).tryConsume(1);
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(100);
    }

    private static int taken(Buckets buckets, String caller) {
        int taken = 0;
        while (buckets.of(caller).tryConsume(1)) {
            taken++;
        }
        return taken;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
