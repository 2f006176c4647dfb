package dev.telltale.ingest.firehose;

import dev.telltale.ingest.ForeignLabels;
import dev.telltale.ingest.ForeignNames;
import dev.telltale.ingest.KeptSamples;
import dev.telltale.problem.Excerpt;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.util.LinkedHashMap;
import java.util.Map;

/// One metric of CloudWatch over one period, whichever format it came in.
///
/// @param metric such as `CPUUtilization`
/// @param dimensions such as `InstanceId`
/// @param time start of the period, epoch milliseconds
/// @param statistics up to 100, by their names in the JSON format: `max`, `min`, `sum`, `count`, `p99`, `TM(25%:75%)`
record StreamedMetric(
        String account,
        String region,
        String namespace,
        String metric,
        Map<String, String> dimensions,
        long time,
        Map<String, Double> statistics) {

    static final int MOST_STATISTICS = 100;

    private static final String COUNT = "count";
    private static final String SUM = "sum";

    /// Adds a sample for each statistic, and for the average under the bare name.
    ///
    /// @param common what the stream says of all it delivers
    /// @throws dev.telltale.problem.Problem if a name or label is not valid, or two statistics share a name;
    ///     then nothing is added
    void addTo(KeptSamples samples, Map<String, String> common) {
        Labels labels = labels(common);
        Map<SeriesKey, Double> values = new LinkedHashMap<>();
        String name = ForeignNames.series(metric);
        double count = statistics.getOrDefault(COUNT, 0.0);
        if (count > 0 && statistics.containsKey(SUM)) {
            values.put(new SeriesKey(name, labels), statistics.get(SUM) / count);
        }
        statistics.forEach((statistic, value) -> {
            if (values.put(new SeriesKey(name + "_" + suffix(statistic), labels), value) != null) {
                throw FirehoseProblem.BAD_RECORD.because(
                        "two statistics of a metric would both be the series %s_%s",
                        Excerpt.of(name), Excerpt.of(suffix(statistic)));
            }
        });
        values.forEach((key, value) -> samples.add(key, time, value));
    }

    private Labels labels(Map<String, String> common) {
        ForeignLabels labels = new ForeignLabels();
        common.forEach(labels::put);
        dimensions.forEach(labels::put);
        Map.of("namespace", namespace, "region", region, "account_id", account)
                .forEach((name, value) ->
                        labels.put(name, dimensions.containsKey(name) ? value + ";" + dimensions.get(name) : value));
        return labels.labels();
    }

    /// A statistic as the end of a name: `p99.9` as it is, `TM(25%:75%)` as `TM_25p_75p`. Character by character, for
    /// `TM(:90%)` and `TM(90%:)` are not the same, nor are `TM(10:20)` and `TM(10%:20%)`.
    private static String suffix(String statistic) {
        return statistic.replaceAll("\\)$", "").replace('%', 'p').replaceAll("[^A-Za-z0-9.-]", "_");
    }
}
