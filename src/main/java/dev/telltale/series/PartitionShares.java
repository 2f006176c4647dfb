package dev.telltale.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/// How partitions are divided among processes. Each of them works it out by itself, from the same rows.
final class PartitionShares {

    private PartitionShares() {}

    /// How many partitions a process should own: as many as every other, or one more. Those have one more that own the
    /// most, so that nothing moves from one process to another but what must.
    ///
    /// @param members those that there are, `self` among them
    static int of(String self, NavigableSet<String> members, List<PartitionTable.Ownership> partitions) {
        Map<String, Integer> counts = new HashMap<>();
        for (PartitionTable.Ownership row : partitions) {
            row.owner().filter(members::contains).ifPresent(owner -> counts.merge(owner, 1, Integer::sum));
        }
        List<String> byCount = new ArrayList<>(members);
        byCount.sort(Comparator.comparingInt((String member) -> -counts.getOrDefault(member, 0))
                .thenComparing(Comparator.naturalOrder()));
        int rank = byCount.indexOf(self);
        return partitions.size() / members.size() + (rank < partitions.size() % members.size() ? 1 : 0);
    }

    /// The partitions that nobody owns who is there, and those that `self` owned and lost. Each process begins with
    /// others, so that they are seldom in each other's way.
    static List<PartitionTable.Ownership> free(
            String self, NavigableSet<String> members, List<PartitionTable.Ownership> partitions) {
        List<PartitionTable.Ownership> rotated = new ArrayList<>(partitions);
        int rank = members.headSet(self, false).size();
        Collections.rotate(rotated, -(rank * partitions.size() / members.size()));
        return rotated.stream()
                .filter(row -> row.owner().filter(members::contains).isEmpty()
                        || row.owner().get().equals(self))
                .toList();
    }
}
