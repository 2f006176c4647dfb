package dev.telltale.alerts;

import dev.telltale.live.DetectorName;
import dev.telltale.live.Incident;
import dev.telltale.series.Labels;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Incidents of a detector `disks`.
final class Incidents {

    static final long START = Instant.parse("2026-03-10T09:00:00Z").toEpochMilli();

    private Incidents() {}

    /// One that lasts, of a series for each instance.
    static Incident lasting(long id, List<String> receivers, String... instances) {
        return incident(id, true, START + 60_000, receivers, instances);
    }

    static Incident over(long id, List<String> receivers, String... instances) {
        return incident(id, false, START + 300_000, receivers, instances);
    }

    static Incident incident(long id, boolean open, long end, List<String> receivers, String... instances) {
        List<Incident.Involved> series = new ArrayList<>();
        for (String instance : instances) {
            SeriesKey key = new SeriesKey("disk_writes", Labels.of(Map.of("instance", instance, "zone", "a")));
            series.add(new Incident.Involved(
                    new Series(series.size() + 1L, key, Optional.of("bytes"), Optional.empty()),
                    4.5 - series.size(),
                    1.0 / instances.length));
        }
        return new Incident(
                id,
                new DetectorName("disks"),
                open,
                START,
                end,
                START + 30_000,
                4.5,
                series,
                instances.length,
                instances.length,
                receivers);
    }
}
