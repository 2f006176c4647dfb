package dev.telltale.ingest.kafka;

import dev.telltale.ingest.KeptSamples;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.otlp.ExportedMetrics;
import dev.telltale.series.Intake;
import dev.telltale.series.Relayed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What stands in records that are stored together.
final class RecordBatch {

    private final List<Relayed> relayed = new ArrayList<>();
    private final List<RelayedBytes.Content.Ends> ends = new ArrayList<>();
    private final KeptSamples json;
    private final ExportedMetrics.Together exports;
    private final List<Poison> poison = new ArrayList<>();
    private final Map<Format, Integer> records = new EnumMap<>(Format.class);

    RecordBatch(SeriesFilter filter, ExportedMetrics metrics) {
        json = new KeptSamples(filter);
        exports = metrics.together();
    }

    List<Relayed> relayed() {
        return relayed;
    }

    List<RelayedBytes.Content.Ends> ends() {
        return ends;
    }

    KeptSamples json() {
        return json;
    }

    ExportedMetrics.Together exports() {
        return exports;
    }

    /// Those records that cannot be stored.
    List<Poison> poison() {
        return poison;
    }

    /// Counts a record of which everything was added.
    void added(Format format) {
        records.merge(format, 1, Integer::sum);
    }

    /// Stores all but the poison. Doing it again changes nothing.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not take it now
    void store(Intake intake, KafkaMeters meters) {
        long samples = 0;
        if (!relayed.isEmpty()) {
            intake.takeRelayed(relayed);
            samples += relayed.stream().mapToInt(one -> one.batch().count()).sum();
        }
        for (RelayedBytes.Content.Ends some : ends) {
            intake.takeRelayedEnds(some.seriesIds(), some.times());
        }
        if (records.containsKey(Format.JSON)) {
            intake.pushFromTopic(json.samples());
            samples += json.samples().count();
        }
        if (records.containsKey(Format.OTLP)) {
            exports.stored(intake.pushFromTopic(exports.samples()));
            samples += exports.samples().count();
        }
        json.countLeftOut();
        records.forEach((format, count) -> meters.stored(format, count));
        meters.stored(samples);
    }
}
