package dev.telltale.series;

/// Orders rows by time and leaves rows of the same time in their order.
final class RowOrder {

    private RowOrder() {}

    /// The rows' numbers in the order of their times: a merge sort from the bottom up, since sorting a
    /// million boxed numbers takes four times the memory of the rows.
    static int[] byTime(long[] times) {
        int[] order = new int[times.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        int[] target = new int[times.length];
        for (long width = 1; width < times.length; width *= 2) {
            for (long from = 0; from < times.length; from += 2 * width) {
                int middle = (int) Math.min(from + width, times.length);
                int to = (int) Math.min(from + 2 * width, times.length);
                merge(times, order, target, (int) from, middle, to);
            }
            int[] sorted = target;
            target = order;
            order = sorted;
        }
        return order;
    }

    private static void merge(long[] times, int[] order, int[] target, int from, int middle, int to) {
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            boolean takeLeft = right == to || (left < middle && times[order[left]] <= times[order[right]]);
            target[i] = takeLeft ? order[left++] : order[right++];
        }
    }
}
