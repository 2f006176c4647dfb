package dev.telltale.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A server machine as 38 metrics, a row a minute, in the manner of the Server Machine Dataset: each metric
/// follows a few hidden loads (a daily wave, users who come and go, jobs), with noise of its own. Three
/// incidents stand in the last part, each in a few metrics only.
///
/// @see <a href="https://doi.org/10.1145/3292500.3330672">Su et al. (2019)</a>
final class ServerMachine {

    static final int CHANNELS = 38;
    static final int ROWS = 3_000;
    static final long START = TestModels.ORIGIN;
    static final long STEP = TestModels.MINUTE;

    /// What was planted.
    ///
    /// @param first its first row
    /// @param last its last row
    /// @param channels that it shows in
    record Incident(int first, int last, List<Integer> channels) {

        boolean covers(int row) {
            return first <= row && row <= last;
        }
    }

    static final List<Incident> INCIDENTS = List.of(
            new Incident(2_620, 2_634, List.of(3, 4)),
            new Incident(2_750, 2_757, List.of(17)),
            new Incident(2_890, 2_909, List.of(25, 30, 36)));

    private final double[][] values = new double[CHANNELS][ROWS];

    ServerMachine(long seed) {
        Random random = new Random(seed);
        double[][] loads = {wave(), wandering(random), jobs(random)};
        for (int c = 0; c < CHANNELS; c++) {
            double[] weights = random.doubles(loads.length).toArray();
            double unit = Math.pow(10, random.nextInt(6));
            for (int row = 0; row < ROWS; row++) {
                double load = 0;
                for (int i = 0; i < loads.length; i++) {
                    load += weights[i] * loads[i][row];
                }
                values[c][row] = unit * (load + 0.03 * random.nextGaussian());
            }
        }
        for (Incident incident : INCIDENTS) {
            for (int c : incident.channels()) {
                double height = 2 * (max(values[c]) - values[c][0]);
                for (int row = incident.first(); row <= incident.last(); row++) {
                    values[c][row] += height;
                }
            }
        }
    }

    static List<String> names() {
        return IntStream.range(0, CHANNELS)
                .mapToObj("machine_1_1_m%d"::formatted)
                .toList();
    }

    static long time(int row) {
        return START + row * STEP;
    }

    double value(int channel, int row) {
        return values[channel][row];
    }

    /// One metric as an upload of CSV.
    String csv(int channel) {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> time(row) + "," + values[channel][row])
                .collect(Collectors.joining("\n", "timestamp,value\n", "\n"));
    }

    /// Rows from one to before another as a body to be scored.
    String table(int from, int to) {
        List<String> columns = new ArrayList<>();
        for (int c = 0; c < CHANNELS; c++) {
            double[] channel = values[c];
            columns.add("\"" + names().get(c) + "\":"
                    + IntStream.range(from, to)
                            .mapToObj(row -> Double.toString(channel[row]))
                            .collect(Collectors.joining(",", "[", "]")));
        }
        return "{\"timestamps\":"
                + IntStream.range(from, to)
                        .mapToObj(row -> Long.toString(time(row)))
                        .collect(Collectors.joining(",", "[", "]"))
                + ",\"series\":{" + String.join(",", columns) + "}}";
    }

    /// Rows from one to before another as CSV, its columns in an order.
    String table(int from, int to, List<Integer> order) {
        return IntStream.range(from, to)
                .mapToObj(row -> time(row)
                        + order.stream()
                                .map(channel -> "," + values[channel][row])
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(
                        "\n",
                        order.stream().map(names()::get).collect(Collectors.joining(",", "timestamp,", "\n")),
                        "\n"));
    }

    private static double[] wave() {
        return IntStream.range(0, ROWS)
                .mapToDouble(row -> Math.sin(2 * Math.PI * row / 720))
                .toArray();
    }

    /// A random walk that is drawn back to 0.
    private static double[] wandering(Random random) {
        double[] load = new double[ROWS];
        for (int row = 1; row < ROWS; row++) {
            load[row] = 0.98 * load[row - 1] + 0.1 * random.nextGaussian();
        }
        return load;
    }

    /// A job of ten minutes every hour, give or take.
    private static double[] jobs(Random random) {
        double[] load = new double[ROWS];
        for (int begin = 5; begin + 10 < ROWS; begin += 50 + random.nextInt(20)) {
            for (int row = begin; row < begin + 10; row++) {
                load[row] = 1;
            }
        }
        return load;
    }

    private static double max(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .max()
                .orElseThrow();
    }
}
