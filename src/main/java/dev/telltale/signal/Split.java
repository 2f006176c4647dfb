package dev.telltale.signal;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/// How the rows of a frame are divided into a part to train on, one to validate on and one to test on:
/// either shares of them, all at most 1, or exact numbers of rows.
///
/// @param train share or number of rows, more than 0
/// @param validation share or number of rows, may be 0
/// @param test share or number of rows, may be 0
public record Split(double train, double validation, double test, Order order) {

    public static final Split DEFAULT = new Split(0.7, 0.15, 0.15, Order.CHRONOLOGICAL);

    private static final double ROUNDING = 1e-9;

    /// Which rows go into which part.
    public enum Order {
        /// The earliest rows train, the latest test; no training window reaches into another part.
        CHRONOLOGICAL,
        /// Chance decides, window by window. Windows longer than one row overlap, so that the parts
        /// share rows: figures of such a test part flatter the model.
        SHUFFLED,
    }

    public Split {
        check("train", train);
        check("validation", validation);
        check("test", test);
        if (train == 0) {
            throw SignalProblem.BAD_SPLIT.because("train must be more than 0: there would be nothing to learn from");
        }
        if (isShares(train, validation, test)) {
            if (train + validation + test > 1 + ROUNDING) {
                throw SignalProblem.BAD_SPLIT.because(
                        "train, validation and test must sum to at most 1, were %s, %s and %s",
                        train, validation, test);
            }
        } else if (train % 1 != 0 || validation % 1 != 0 || test % 1 != 0) {
            throw SignalProblem.BAD_SPLIT.because(
                    "train, validation and test must be shares of at most 1 or whole numbers of rows,"
                            + " were %s, %s and %s",
                    train, validation, test);
        }
    }

    private static void check(String part, double size) {
        if (!(size >= 0 && size <= Integer.MAX_VALUE)) {
            throw SignalProblem.BAD_SPLIT.because("%s must be a share or a number of rows, was %s", part, size);
        }
    }

    private static boolean isShares(double train, double validation, double test) {
        return train <= 1 && validation <= 1 && test <= 1;
    }

    /// The parts of a frame. Rows that were filled in belong to none. The stride thins the training
    /// windows only: in the other parts every row counts.
    ///
    /// @param seed decides the order where it is shuffled
    /// @throws dev.telltale.problem.Problem NOT_ENOUGH_DATA if the numbers of rows exceed what there is, or
    ///     no window fits the training part
    public Parts divide(Frame frame, Windowing windowing, long seed) {
        int[] windows = windowing.everyRow().lastRows(frame);
        int[] divided = switch (order) {
            case CHRONOLOGICAL -> new Windowing(1, 1).lastRows(frame);
            case SHUFFLED -> shuffled(windows, seed);
        };
        int trainEnd = end(train, divided.length);
        int validationEnd = end(train + validation, divided.length);
        int testEnd = end(train + validation + test, divided.length);
        if (testEnd > divided.length) {
            throw SignalProblem.NOT_ENOUGH_DATA
                    .because("the split asks for %d rows, there are %d", testEnd, divided.length)
                    .with("required", testEnd)
                    .with("got", divided.length);
        }
        int[] trainRows = ascending(divided, 0, trainEnd);
        Parts parts = new Parts(
                trainRows,
                common(trainRows, windowing.lastRows(frame)),
                common(ascending(divided, trainEnd, validationEnd), windows),
                common(ascending(divided, validationEnd, testEnd), windows));
        if (parts.train().length == 0) {
            throw SignalProblem.NOT_ENOUGH_DATA
                    .because(
                            "no window of %d rows fits the training part, which has %d rows in unbroken stretches too"
                                    + " short for it; give a longer range or shorter windows",
                            windowing.length(), trainRows.length)
                    .with("required", windowing.length())
                    .with("got", trainRows.length);
        }
        return parts;
    }

    /// Where a part ends that holds these many rows, or this share of all.
    private int end(double size, int rows) {
        double end = isShares(train, validation, test) ? Math.min(size, 1) * rows : size;
        return (int) Math.min(Math.round(end), Integer.MAX_VALUE);
    }

    /// A Fisher-Yates shuffle. `Random` is specified down to its bits: the same seed divides alike in
    /// every Java.
    private static int[] shuffled(int[] rows, long seed) {
        int[] order = rows.clone();
        Random random = new Random(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int row = order[i];
            order[i] = order[j];
            order[j] = row;
        }
        return order;
    }

    private static int[] ascending(int[] rows, int from, int to) {
        int[] part = Arrays.copyOfRange(rows, from, to);
        Arrays.sort(part);
        return part;
    }

    /// The rows that stand in both, each ascending.
    private static int[] common(int[] rows, int[] others) {
        return IntStream.of(rows)
                .filter(row -> Arrays.binarySearch(others, row) >= 0)
                .toArray();
    }
}
