package dev.telltale.series;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a relay has given back, by the series that it is of.
///
/// @param present samples of series that are there, or are to be made again
/// @param gone how many samples are left out, since they were sent before their series were deleted
record RelayedSamples(PushedSamples present, long gone) {

    static RelayedSamples of(List<Relayed> relayed, SeriesStore store) {
        Map<Long, Optional<SeriesKey>> keys = new HashMap<>();
        for (Relayed sent : relayed) {
            for (int i = 0; i < sent.batch().count(); i++) {
                keys.computeIfAbsent(
                        sent.batch().seriesId(i), id -> store.find(id).map(Series::key));
            }
        }
        Set<Long> missing = new HashSet<>();
        keys.forEach((id, key) -> {
            if (key.isEmpty()) {
                missing.add(id);
            }
        });
        Map<Long, GoneSeries> gone = store.gone(missing);
        PushedSamples present = new PushedSamples();
        long dropped = 0;
        for (Relayed sent : relayed) {
            Map<Long, Integer> numbers = new HashMap<>();
            SampleBatch batch = sent.batch();
            for (int i = 0; i < batch.count(); i++) {
                int number = numbers.computeIfAbsent(
                        batch.seriesId(i),
                        id -> keys.getOrDefault(id, Optional.empty())
                                .or(() -> again(Optional.ofNullable(gone.get(id)), sent.at()))
                                .map(present::series)
                                .orElse(-1));
                if (number < 0) {
                    dropped++;
                } else {
                    present.add(number, batch.time(i), batch.value(i));
                }
            }
        }
        return new RelayedSamples(present, dropped);
    }

    /// Who sends samples of a series that was deleted did not know it yet; the series is made again.
    private static Optional<SeriesKey> again(Optional<GoneSeries> gone, Instant sent) {
        return gone.filter(series -> sent.isAfter(series.at())).map(GoneSeries::key);
    }
}
