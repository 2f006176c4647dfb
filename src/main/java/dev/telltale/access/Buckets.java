package dev.telltale.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/// A bucket of tokens for each of many callers, each filled at the same rate. Of very many the longest unused
/// are forgotten; who comes back then finds his bucket full.
final class Buckets {

    private final Rate rate;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    /// @param rate that limits something
    /// @param most buckets that are remembered
    Buckets(Rate rate, int most, TimeMeter clock) {
        this.rate = rate;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(rate.untilFull()) // full by then, as a new one
                .ticker(clock::currentTimeNanos)
                .executor(Runnable::run)
                .build();
    }

    Rate rate() {
        return rate;
    }

    /// The bucket of a caller, full if it is new.
    Bucket of(String caller) {
        return buckets.get(caller, unknown -> full());
    }

    /// The bucket of a caller, if it is no full one.
    Optional<Bucket> find(String caller) {
        return Optional.ofNullable(buckets.getIfPresent(caller));
    }

    /// How many are remembered.
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
