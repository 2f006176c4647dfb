package dev.telltale.series;

import java.util.ArrayList;
import java.util.List;

/// What listeners are to hear of a row of the log. Samples that Telltale made itself are nothing to them, and neither
/// are those of series that are gone by now.
final class Telling {

    private final SeriesRegistry registry;
    private final List<PartitionNews.Item> items = new ArrayList<>();
    private final List<Long> seriesIds = new ArrayList<>();
    private final List<Samples> samples = new ArrayList<>(); // of each of these series

    /// @param registry the series that there are
    Telling(SeriesRegistry registry) {
        this.registry = registry;
    }

    void samples(long seriesId, Samples ofSeries) {
        if (isOfOthers(seriesId)) {
            seriesIds.add(seriesId);
            samples.add(ofSeries);
        }
    }

    void ended(long seriesId, long time) {
        if (isOfOthers(seriesId)) {
            items.add(new PartitionNews.Item.Ended(seriesId, time));
        }
    }

    void came(long seriesId, TimeSpan span) {
        if (isOfOthers(seriesId)) {
            items.add(new PartitionNews.Item.Changed(seriesId, span));
        }
    }

    List<PartitionNews.Item> all() {
        if (!samples.isEmpty()) {
            items.add(new PartitionNews.Item.Accepted(batch()));
        }
        return items;
    }

    private SampleBatch batch() {
        int count = samples.stream().mapToInt(Samples::count).sum();
        long[] ids = new long[count];
        long[] times = new long[count];
        double[] values = new double[count];
        int row = 0;
        for (int series = 0; series < samples.size(); series++) {
            Samples some = samples.get(series);
            for (int i = 0; i < some.count(); i++) {
                ids[row] = seriesIds.get(series);
                times[row] = some.time(i);
                values[row] = some.value(i);
                row++;
            }
        }
        return new SampleBatch(ids, times, values);
    }

    private boolean isOfOthers(long seriesId) {
        return registry.find(seriesId)
                .filter(series -> !OwnSeries.has(series.series().name()))
                .isPresent();
    }
}
