package dev.telltale.ops;

import com.google.errorprone.annotations.FormatMethod;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// What the demo tells a newcomer, as text for the console.
final class DemoReport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE dd MMM HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final long HOUR = 3_600_000;

    private final String url;
    private final StringBuilder text = new StringBuilder("""

            Two weeks of made-up EC2 telemetry are stored, and a model is trained on each series. What they found:
            """);

    /// @param url root of the service
    DemoReport(String url) {
        this.url = url;
    }

    /// Adds what a model found in its series.
    void add(DemoSeries series, DemoFindings findings) {
        line("");
        line("  %s, by model %s (times in UTC; a score above 1 is anomalous)", series.name(), series.model());
        for (DemoFindings.Finding finding : findings.findings()) {
            line(
                    "    %s to %s  peak score %7.2f  %s",
                    TIME.format(Instant.ofEpochMilli(finding.start())),
                    CLOCK.format(Instant.ofEpochMilli(finding.end())),
                    finding.peak(),
                    finding.incident()
                            .map(incident -> "planted: " + incident.what())
                            .orElse("not planted"));
        }
        line(
                "    found %d of %d planted incidents, %.1f false alarms per 1,000 rows",
                findings.found(), series.incidents().size(), findings.falseAlarmsPer1000());
    }

    /// Adds where to look next, with the second incident of a series as the example.
    void addWhereToLook(DemoSeries series) {
        DemoSeries.Incident example = series.incidents().get(1);
        line("");
        line("  Look for yourself:");
        line("    curl %s/api/v1/series/%s", url, series.name());
        line("    curl %s/api/v1/models/%s", url, series.model());
        line("    curl %s/api/v1/models/%s/evaluation", url, series.model());
        line("    curl %s/api/v1/models/%s/score -H 'Content-Type: application/json' \\", url, series.model());
        line(
                "      -d '{\"series\":\"%s\",\"start\":\"%s\",\"end\":\"%s\"}'",
                series.name(),
                Instant.ofEpochMilli(example.start() - HOUR),
                Instant.ofEpochMilli(example.end() + HOUR));
        line("    or open %s/swagger-ui.html", url);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
