package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The series of an upload, numbered in the order in which it names them.
final class UploadSeries {

    /// Characters of all names: more would be no names but an attack on the heap.
    private static final int MOST_CHARACTERS = 8 << 20;

    private final String prefix;
    private final Labels labels;
    private final int mostSeries;
    private final List<SeriesKey> keys = new ArrayList<>();
    private final Map<SeriesKey, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> numbersByText = new HashMap<>();
    private int characters;

    // the cell that was looked up last: neighbours often are of the same series
    private char[] lastText = new char[0];
    private int lastNumber = -1;

    /// @param prefix of all metric names
    /// @param labels of all series; where a series names one of these itself, its own value counts
    /// @param mostSeries that may exist
    UploadSeries(String prefix, Labels labels, int mostSeries) {
        this.prefix = prefix;
        this.labels = labels;
        this.mostSeries = mostSeries;
    }

    /// Whether a name was refused for itself. Otherwise the names are too many, which refuses the upload.
    static boolean isBadName(Problem refused) {
        return refused.type().kind() == ProblemKind.INVALID;
    }

    /// Names one series by the header of its column.
    ///
    /// @throws Problem `BAD_SERIES_NAME` or `SERIES_LIMIT`
    void column(String header) {
        number(new SeriesKey(prefix + header, labels));
    }

    /// Number of the series that a cell names: a metric name, or one with labels as in
    /// `cpu{instance="i-1"}`.
    ///
    /// @throws Problem `BAD_SERIES_NAME`, `BAD_LABELS`, `SERIES_LIMIT` or `BODY_TOO_LARGE`
    int named(char[] text, int offset, int length) {
        if (lastNumber >= 0 && Arrays.equals(text, offset, offset + length, lastText, 0, lastText.length)) {
            return lastNumber;
        }
        String cell = new String(text, offset, length);
        Integer known = numbersByText.get(cell);
        if (known == null) {
            int next = keys.size();
            known = number(key(cell));
            if (known == next) { // other spellings are read anew each time, and take no memory
                remember(cell, next);
            }
        }
        lastText = cell.toCharArray();
        lastNumber = known;
        return known;
    }

    /// By their numbers.
    List<SeriesKey> keys() {
        return List.copyOf(keys);
    }

    private void remember(String cell, int number) {
        characters += cell.length();
        if (characters > MOST_CHARACTERS) {
            throw HttpProblem.BODY_TOO_LARGE.because(
                    "the names of the series have more than %d characters; send the upload in parts", MOST_CHARACTERS);
        }
        numbersByText.put(cell, number);
    }

    private int number(SeriesKey key) {
        return numbers.computeIfAbsent(key, fresh -> {
            if (keys.size() == mostSeries) {
                throw SeriesProblem.SERIES_LIMIT.because(
                        "the upload names more series than the %d that may exist; raise telltale.store.series-limit",
                        mostSeries);
            }
            keys.add(fresh);
            return keys.size() - 1;
        });
    }

    private SeriesKey key(String cell) {
        if (cell.indexOf('{') < 0) {
            return new SeriesKey(prefix + cell, labels);
        }
        SeriesKey own = SeriesKey.parse(cell);
        Map<String, String> all = new TreeMap<>(labels.values());
        all.putAll(own.labels().values());
        return new SeriesKey(prefix + own.name(), Labels.of(all));
    }
}
