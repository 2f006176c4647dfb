package dev.telltale.egress;

import dev.telltale.live.LiveScore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Scores that wait to be written, in the order in which they came. When they are too many, the oldest go: who looks
/// at a far end that is back wants to know how things are now.
final class WaitingScores {

    private final int limit;
    private final Deque<LiveScore> scores = new ArrayDeque<>(); // guarded by this, as what follows
    private int samples;
    private boolean closed;

    /// @param limit samples that wait at most
    WaitingScores(int limit) {
        this.limit = limit;
    }

    /// Adds scores, and lets go of the oldest that are too many.
    ///
    /// @return those, in order
    synchronized List<LiveScore> add(List<LiveScore> more) {
        for (LiveScore score : more) {
            scores.addLast(score);
            samples += WriteBody.samples(score);
        }
        List<LiveScore> gone = new ArrayList<>();
        while (samples > limit) {
            gone.add(removeFirst());
        }
        notifyAll();
        return gone;
    }

    /// Takes the oldest, once there are any.
    ///
    /// @param most samples
    /// @param mostBytes about so many, though the scores of one row may be more
    /// @return in order; empty when it is closed and nothing waits
    synchronized List<LiveScore> take(int most, int mostBytes) throws InterruptedException {
        while (scores.isEmpty() && !closed) {
            wait();
        }
        List<LiveScore> taken = new ArrayList<>();
        int takenSamples = 0;
        long bytes = 0;
        while (!scores.isEmpty()) {
            int next = WriteBody.samples(scores.getFirst());
            bytes += WriteBody.bytes(scores.getFirst());
            if (!taken.isEmpty() && (takenSamples + next > most || bytes > mostBytes)) {
                break;
            }
            takenSamples += next;
            taken.add(removeFirst());
        }
        return taken;
    }

    /// No more come.
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private LiveScore removeFirst() {
        LiveScore first = scores.removeFirst();
        samples -= WriteBody.samples(first);
        return first;
    }
}
