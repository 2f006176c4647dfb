package dev.telltale.ops;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The settings that some record declares, such as `telltale.jobs.queue-capacity`.
final class KnownSettings {

    /// A key that shares less than half its letters with a known one is no misspelling of it.
    private static final int LETTERS_PER_MISTAKE = 2;

    private final TreeSet<String> keys = new TreeSet<>();

    /// @param records annotated with `@ConfigurationProperties`
    static KnownSettings of(Collection<Class<?>> records) {
        KnownSettings known = new KnownSettings();
        for (Class<?> type : records) {
            ConfigurationProperties properties = type.getAnnotation(ConfigurationProperties.class);
            if (properties != null) {
                known.add(properties.prefix().isEmpty() ? properties.value() : properties.prefix(), type);
            }
        }
        return known;
    }

    /// Whether the key names a setting, however it is spelt: `telltale.data-dir`, `telltale.dataDir` and
    /// `TELLTALE_DATA_DIR` are one.
    boolean contains(String key) {
        return keys.stream().anyMatch(known -> letters(known).equals(letters(key)));
    }

    /// The known key that this one is cut short of or else most like, if any is like it at all.
    Optional<String> nearest(String key) {
        String wanted = letters(key);
        return keys.stream()
                .filter(known -> letters(known).startsWith(wanted))
                .findFirst()
                .or(() -> keys.stream()
                        .min(Comparator.comparingInt(known -> distance(wanted, letters(known))))
                        .filter(known -> distance(wanted, letters(known)) * LETTERS_PER_MISTAKE <= wanted.length()));
    }

    List<String> all() {
        return new ArrayList<>(keys);
    }

    private void add(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + "." + dashed(component.getName());
            if (component.getType().isRecord()) {
                add(key, component.getType());
            } else {
                keys.add(key);
            }
        }
    }

    private static String dashed(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /// What counts of a key: its letters and digits. An index such as `[0]` belongs to the value.
    private static String letters(String key) {
        return key.replaceAll("\\[.*", "").replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /// Levenshtein distance: letters to insert, remove or change to make one text of the other.
    static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] here = new int[above.length];
            here[0] = row;
            for (int column = 1; column < here.length; column++) {
                int change = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
                here[column] = Math.min(above[column - 1] + change, 1 + Math.min(above[column], here[column - 1]));
            }
            above = here;
        }
        return above[to.length()];
    }
}
