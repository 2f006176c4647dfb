package dev.telltale.series;

/// Orders rows by time and leaves rows of the same time in their order.
final class RowOrder {

    private RowOrder() {}

    /// The rows' numbers in the order of their times.
    static int[] byTime(long[] times) {
        int[] order = new int[times.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        byTime(times, order, 0, order.length);
        return order;
    }

    /// Orders the rows' numbers from index `begin` to index `end`, exclusive, by their times: a merge sort
    /// from the bottom up, since sorting a million boxed numbers takes four times the memory of the rows.
    static void byTime(long[] times, int[] order, int begin, int end) {
        int[] sorted = order;
        int[] target = new int[end - begin];
        int offset = begin; // of the first row in `sorted`
        boolean aside = false; // whether that is the other array
        for (long width = 1; width < end - begin; width *= 2) {
            int targetOffset = begin - offset;
            for (long from = 0; from < end - begin; from += 2 * width) {
                int middle = (int) Math.min(from + width, end - begin);
                int to = (int) Math.min(from + 2 * width, end - begin);
                merge(times, sorted, offset, target, targetOffset, (int) from, middle, to);
            }
            int[] merged = target;
            target = sorted;
            sorted = merged;
            offset = targetOffset;
            aside = !aside;
        }
        if (aside) {
            System.arraycopy(sorted, 0, order, begin, end - begin);
        }
    }

    private static void merge(
            long[] times, int[] order, int offset, int[] target, int targetOffset, int from, int middle, int to) {
        int left = offset + from;
        int leftEnd = offset + middle;
        int right = leftEnd;
        int rightEnd = offset + to;
        for (int i = targetOffset + from; i < targetOffset + to; i++) {
            boolean takeLeft = right == rightEnd || (left < leftEnd && times[order[left]] <= times[order[right]]);
            target[i] = takeLeft ? order[left++] : order[right++];
        }
    }
}
