package dev.telltale.series;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which times the protocols of monitoring systems take. Other records share the prefix, so their settings
/// are not unknown here.
///
/// @param future samples that are so much later than the clock are refused
/// @param oldest samples that are so much older than the clock are refused; 0 takes all from the year 2000 on,
///     for replays; as long as samples are kept (`telltale.retention`) if it is not set
@ConfigurationProperties(prefix = "telltale.ingest")
record PushProperties(
        @DefaultValue("10m") Duration future, @Nullable Duration oldest) {

    private static final Duration LONGEST = Duration.ofDays(36_600);

    PushProperties {
        if (future.isNegative() || future.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("telltale.ingest.future must be from 0 to 36600d, was " + future);
        }
        if (oldest != null && (oldest.isNegative() || oldest.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("telltale.ingest.oldest must be from 0 to 36600d, was " + oldest);
        }
    }

    /// @param retention how long samples are kept; zero for ever
    PushedTimes times(InstantSource clock, Duration retention) {
        Duration age = oldest == null ? retention : oldest;
        Optional<Duration> limit = Optional.of(age).filter(set -> set.isPositive() && set.compareTo(LONGEST) <= 0);
        return new PushedTimes(clock, future, limit);
    }
}
