package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionSharesTest {

    @Test
    void aloneOneHasAll() {
        assertThat(shares(16, Map.of(), "a")).isEqualTo(Map.of("a", 16));
    }

    @Test
    void eachHasAsManyAsEveryOtherOrOneMore() {
        assertThat(shares(16, Map.of(), "a", "b", "c")).isEqualTo(Map.of("a", 6, "b", 5, "c", 5));
        assertThat(shares(2, Map.of(), "a", "b", "c")).isEqualTo(Map.of("a", 1, "b", 1, "c", 0));
        assertThat(shares(16, Map.of(), "a", "b")).isEqualTo(Map.of("a", 8, "b", 8));
    }

    @Test
    void whoOwnsTheMostKeepsOneMore() {
        assertThat(shares(16, Map.of("a", 5, "b", 5, "c", 6), "a", "b", "c")).isEqualTo(Map.of("a", 5, "b", 5, "c", 6));
        assertThat(shares(16, Map.of("a", 0, "b", 8, "c", 8), "a", "b", "c")).isEqualTo(Map.of("a", 5, "b", 6, "c", 5));
        assertThat(shares(16, Map.of("dead", 8, "b", 8), "a", "b")).isEqualTo(Map.of("a", 8, "b", 8));
    }

    @Test
    void nobodyTakesWhatSomebodyOwnsWhoIsThere() {
        List<PartitionTable.Ownership> rows = rows(4, Map.of("a", 1, "b", 1, "dead", 1));
        assertThat(PartitionShares.free("a", names("a", "b"), rows))
                .extracting(PartitionTable.Ownership::partition)
                .containsExactlyInAnyOrder(0, 2, 3);
        assertThat(PartitionShares.free("b", names("a", "b"), rows))
                .extracting(PartitionTable.Ownership::partition)
                .containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void processesThatComeAndGoSettleAndMoveNoMoreThanTheyMust() {
        Random random = new Random(7);
        NavigableSet<String> members = names("a");
        Map<Integer, String> owners = new TreeMap<>();
        for (int round = 0; round < 200; round++) {
            String who = String.valueOf((char) ('a' + random.nextInt(6)));
            if (!members.add(who) && members.size() > 1) {
                members.remove(who);
            }
            Map<Integer, String> before = new TreeMap<>(owners);
            settle(owners, members);
            Map<String, Long> counts =
                    owners.values().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            assertThat(counts.keySet()).isEqualTo(members);
            assertThat(Collections.max(counts.values()) - Collections.min(counts.values()))
                    .isLessThanOrEqualTo(1);
            long moved = before.entrySet().stream()
                    .filter(one -> !one.getValue().equals(owners.get(one.getKey())))
                    .count();
            // Those of the one that came or went.
            assertThat(moved).isLessThanOrEqualTo(Math.max(counts.getOrDefault(who, 0L), count(before, who)));
        }
    }

    private static long count(Map<Integer, String> owners, String who) {
        return owners.values().stream().filter(who::equals).count();
    }

    /// Lets all give up and take until nothing changes.
    private static void settle(Map<Integer, String> owners, NavigableSet<String> members) {
        boolean changes = true;
        for (int round = 0; changes; round++) {
            assertThat(round).isLessThan(4);
            changes = false;
            for (String self : members) {
                List<PartitionTable.Ownership> rows = rows(owners);
                int share = PartitionShares.of(self, members, rows);
                List<Integer> own = owners.keySet().stream()
                        .filter(partition -> self.equals(owners.get(partition)))
                        .toList();
                for (int partition : own.subList(Math.min(share, own.size()), own.size())) {
                    owners.remove(partition);
                    changes = true;
                }
                for (PartitionTable.Ownership free : PartitionShares.free(self, members, rows)) {
                    if (count(owners, self) < share && !self.equals(owners.get(free.partition()))) {
                        owners.put(free.partition(), self);
                        changes = true;
                    }
                }
            }
        }
    }

    private static List<PartitionTable.Ownership> rows(Map<Integer, String> owners) {
        return IntStream.range(0, 16)
                .mapToObj(partition ->
                        new PartitionTable.Ownership(partition, Optional.ofNullable(owners.get(partition)), 0))
                .toList();
    }

    private static Map<String, Integer> shares(int partitions, Map<String, Integer> counts, String... members) {
        Map<String, Integer> shares = new TreeMap<>();
        for (String member : members) {
            shares.put(member, PartitionShares.of(member, names(members), rows(partitions, counts)));
        }
        return shares;
    }

    /// So many rows of each owner, the others free.
    private static List<PartitionTable.Ownership> rows(int partitions, Map<String, Integer> counts) {
        List<PartitionTable.Ownership> rows = new ArrayList<>();
        new TreeMap<>(counts).forEach((owner, count) -> {
            for (int i = 0; i < count; i++) {
                rows.add(new PartitionTable.Ownership(rows.size(), Optional.of(owner), 1));
            }
        });
        while (rows.size() < partitions) {
            rows.add(new PartitionTable.Ownership(rows.size(), Optional.empty(), 0));
        }
        return rows;
    }

    private static NavigableSet<String> names(String... names) {
        return new TreeSet<>(List.of(names));
    }
}
