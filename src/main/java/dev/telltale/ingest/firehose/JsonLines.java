package dev.telltale.ingest.firehose;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.function.Consumer;

/// Records of a metric stream in its JSON format: one object a line, each one metric.
///
/// @see <a
///
/// href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-formats-json.html">Format</a>
final class JsonLines {

    /// Far more than a metric with all its dimensions and statistics has.
    private static final int LONGEST_LINE = 256 << 10;

    private final Json json;

    JsonLines(Json json) {
        this.json = json;
    }

    /// What is read of a line. A new field is no reason to lose it.
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Line(
            @JsonProperty("account_id") String account,
            String region,
            String namespace,
            @JsonProperty("metric_name") String metric,
            @JsonSetter(contentNulls = Nulls.SKIP) Map<String, String> dimensions,
            long timestamp,
            @JsonSetter(contentNulls = Nulls.SKIP) Map<String, Double> value) {}

    /// Whether a record is in this format: the other one never begins so.
    static boolean areIn(byte[] record) {
        return record.length > 1 && record[0] == '{' && record[1] != '\n';
    }

    /// Hands on each metric, and the problem of each line that is none.
    void read(byte[] record, Consumer<StreamedMetric> metrics, Consumer<Problem> problems) {
        int start = 0;
        for (int end = 0; end <= record.length; end++) {
            if (end == record.length || record[end] == '\n') {
                if (!isBlank(record, start, end)) {
                    read(record, start, end, metrics, problems);
                }
                start = end + 1;
            }
        }
    }

    private void read(byte[] record, int start, int end, Consumer<StreamedMetric> metrics, Consumer<Problem> problems) {
        if (end - start > LONGEST_LINE) {
            problems.accept(FirehoseProblem.BAD_RECORD.because(
                    "a line has %d bytes, at most %d are read", end - start, LONGEST_LINE));
            return;
        }
        Line line;
        try {
            line = json.read(new ByteArrayInputStream(record, start, end - start), Line.class);
        } catch (Problem unreadable) {
            problems.accept(unreadable);
            return;
        }
        if (line.value().size() > StreamedMetric.MOST_STATISTICS) {
            problems.accept(FirehoseProblem.BAD_RECORD.because(
                    "a metric has %d statistics, at most %d are taken",
                    line.value().size(), StreamedMetric.MOST_STATISTICS));
            return;
        }
        metrics.accept(new StreamedMetric(
                line.account(),
                line.region(),
                line.namespace(),
                line.metric(),
                line.dimensions(),
                line.timestamp(),
                line.value()));
    }

    private static boolean isBlank(byte[] record, int start, int end) {
        for (int i = start; i < end; i++) {
            if (record[i] != ' ' && record[i] != '\r' && record[i] != '\t') {
                return false;
            }
        }
        return true;
    }
}
