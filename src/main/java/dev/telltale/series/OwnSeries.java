package dev.telltale.series;

import java.util.Set;

/// What Telltale says itself, as series: the scores, and what was expected. A Prometheus that scores are written
/// to, or that scrapes them, may write them back. They would clash with the series that hold scores, and be
/// watched in turn, so that every score made others.
public final class OwnSeries {

    private static final Set<String> NAMES =
            Set.of("telltale_score", "telltale_expected", "telltale_lower", "telltale_upper");

    /// Labels that these have beside those of the series that they are about.
    static final Set<String> LABELS = Set.of("detector", "metric");

    private OwnSeries() {}

    /// Whether series of this metric name are Telltale's own.
    public static boolean has(String name) {
        return NAMES.contains(name);
    }
}
