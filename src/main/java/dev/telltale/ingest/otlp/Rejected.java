package dev.telltale.ingest.otlp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Points that are not stored, by what is wrong with them.
final class Rejected {

    private static final int MOST_REASONS = 5;

    private final Map<String, Long> reasons = new LinkedHashMap<>();
    private long count;
    private long others;

    void add(long more, String reason) {
        count += more;
        if (reasons.containsKey(reason) || reasons.size() < MOST_REASONS) {
            reasons.merge(reason, more, Long::sum);
        } else {
            others += more;
        }
    }

    long count() {
        return count;
    }

    /// The first five reasons with how often each was met, and how many there are for others.
    String message() {
        String named = reasons.entrySet().stream()
                .map(reason -> reason.getKey() + " (" + reason.getValue() + "×)")
                .collect(Collectors.joining("; "));
        return others == 0 ? named : named + "; and " + others + " for other reasons";
    }
}
