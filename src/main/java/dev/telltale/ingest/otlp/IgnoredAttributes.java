package dev.telltale.ingest.otlp;

import java.util.List;

/// Attributes of resources that become no labels.
///
/// @param patterns names, or their beginnings followed by `*`
record IgnoredAttributes(List<String> patterns) {

    IgnoredAttributes {
        patterns = List.copyOf(patterns);
    }

    boolean matches(String name) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, name));
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
