package dev.telltale.alerts;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;

/// When a silence holds.
sealed interface Schedule {

    /// The end of the stretch that holds at a moment; empty if none does.
    Optional<Instant> until(Instant now);

    /// From when on it will never hold again; empty if it recurs for ever.
    Optional<Instant> end();

    /// One stretch.
    ///
    /// @param start the first moment
    /// @param last the moment after it, later than `start`
    record Once(Instant start, Instant last) implements Schedule {

        public Once {
            if (!last.isAfter(start)) {
                throw AlertsProblem.BAD_SILENCE.because("end must be later than start");
            }
        }

        @Override
        public Optional<Instant> until(Instant now) {
            return now.isBefore(start) || !now.isBefore(last) ? Optional.empty() : Optional.of(last);
        }

        @Override
        public Optional<Instant> end() {
            return Optional.of(last);
        }
    }

    /// Stretches that return on days of the week, by the clocks of a place. Where clocks go forward over `from` or
    /// `to`, that counts by as much later; where they show it twice, `from` is the first and `to` the second time.
    ///
    /// @param days on which a stretch begins, at least one
    /// @param to of the next day unless it is later than `from`
    /// @param first nothing holds before
    /// @param last nothing holds from then on
    record Recurring(
            Set<DayOfWeek> days,
            LocalTime from,
            LocalTime to,
            ZoneId zone,
            Optional<Instant> first,
            Optional<Instant> last)
            implements Schedule {

        public Recurring {
            days = Set.copyOf(days);
            if (days.isEmpty()) {
                throw AlertsProblem.BAD_SILENCE.because("recurring.days names no day");
            }
            if (first.isPresent() && last.isPresent() && !last.get().isAfter(first.get())) {
                throw AlertsProblem.BAD_SILENCE.because("end must be later than start");
            }
        }

        @Override
        public Optional<Instant> until(Instant now) {
            if (first.filter(now::isBefore).isPresent()
                    || last.filter(moment -> !now.isBefore(moment)).isPresent()) {
                return Optional.empty();
            }
            LocalDate today = now.atZone(zone).toLocalDate();
            // One that began yesterday may still hold.
            return Optional.of(today)
                    .flatMap(day -> stretch(day, now))
                    .or(() -> stretch(today.minusDays(1), now))
                    .map(stop -> last.filter(stop::isAfter).orElse(stop));
        }

        @Override
        public Optional<Instant> end() {
            return last;
        }

        private Optional<Instant> stretch(LocalDate day, Instant now) {
            if (!days.contains(day.getDayOfWeek())) {
                return Optional.empty();
            }
            LocalDate lastDay = to.isAfter(from) ? day : day.plusDays(1);
            Instant start = ZonedDateTime.of(day, from, zone)
                    .withEarlierOffsetAtOverlap()
                    .toInstant();
            Instant stop = ZonedDateTime.of(lastDay, to, zone)
                    .withLaterOffsetAtOverlap()
                    .toInstant();
            return !now.isBefore(start) && now.isBefore(stop) ? Optional.of(stop) : Optional.empty();
        }
    }
}
