package dev.telltale.live;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How far the owner of a partition has come with the series of a detector in it, as others may know it.
///
/// @param pending samples that wait for their score
/// @param lagMillis how long the oldest of them has waited
/// @param failure why nothing is scored now
/// @param warming rows that series lack to learn their scale from, by the first of those that are judged together
/// @param loading series of which what is stored is being looked at
record LaneStatus(
        int pending, long lagMillis, Optional<String> failure, Map<Long, Integer> warming, Set<Long> loading) {

    LaneStatus {
        warming = Map.copyOf(warming);
        loading = Set.copyOf(loading);
    }
}
