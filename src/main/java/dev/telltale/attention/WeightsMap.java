package dev.telltale.attention;

import dev.telltale.attention.AttentionResult.Values;
import dev.telltale.drawing.HeatMap;
import dev.telltale.drawing.HeatMap.Names;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Times;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The weights as a heat map: how much each row takes from each other.
final class WeightsMap {

    private WeightsMap() {}

    /// @param head counted from 0; null: the mean of all
    /// @throws dev.telltale.problem.Problem if there is no such head
    static HeatMap of(AttentionResult result, Optional<EmbeddedWindow> window, @Nullable Integer head) {
        Values weights = result.of("weights");
        int heads = weights.shape().getFirst();
        int rows = weights.shape().getLast();
        if (head != null && (head < 0 || head >= heads)) {
            throw HttpProblem.INVALID_PARAMETER.because("head must be from 0 to %d, was %d", heads - 1, head);
        }
        List<String> names = window.map(
                        embedded -> Arrays.stream(embedded.window().times())
                                .mapToObj(Times::format)
                                .toList())
                .orElse(List.of());
        int first = head == null ? 0 : head;
        int end = head == null ? heads : head + 1;
        return new HeatMap(
                "Attention weights"
                        + (heads == 1 ? "" : head == null ? ", mean of " + heads + " heads" : ", head " + head),
                new Names("row", names),
                new Names("attends to", names),
                rows,
                rows,
                (row, column) -> mean(weights, first, end, row, column));
    }

    private static double mean(Values weights, int first, int end, int row, int column) {
        int rows = weights.shape().getLast();
        double sum = 0;
        for (int head = first; head < end; head++) {
            sum += weights.at((head * rows + row) * rows + column);
        }
        return sum / (end - first);
    }
}
