package dev.telltale.live;

import dev.telltale.http.EventWriter;
import dev.telltale.http.Json;
import dev.telltale.live.FindingViews.IncidentView;
import dev.telltale.live.IncidentReader.Change;
import dev.telltale.live.IncidentReader.News;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Tells of incidents as server-sent events. Each event holds the whole incident, and its id says after which
/// change of any incident it comes. What a reader lacks is read from disk when he comes back: nothing is kept
/// for him.
final class IncidentStream {

    /// How often a stream looks whether a heartbeat is due.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /// Changes that come faster are told as one: a storm shall not be read from disk at each of its steps.
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 100;

    private final FindingStore store;
    private final Json json;
    private final LongSupplier nanoTime;

    /// @param nanoTime as `System.nanoTime` tells it
    IncidentStream(FindingStore store, Json json, LongSupplier nanoTime) {
        this.store = store;
        this.json = json;
        this.nanoTime = nanoTime;
    }

    /// Refuses a filter that cannot be followed while there still is an answer to say so.
    ///
    /// @throws dev.telltale.problem.Problem if its series are no selector
    void check(FindingFilter filter) {
        store.newestIncidents(filter, 0, 1);
    }

    /// Writes events until the service stops or the reader has gone.
    ///
    /// @param lastId of the last event that the reader has; if it is none of ours he hears of what is open first
    void write(FindingFilter filter, String lastId, OutputStream out) {
        EventWriter events = new EventWriter(out, nanoTime);
        if (!events.begin()) {
            return;
        }
        long largest = store.newsAfter(Long.MAX_VALUE, filter, 1).largestId();
        Optional<Long> heard = number(lastId).filter(id -> id <= largest);
        if (heard.isPresent() || tell(filter.onlyOpen(), 0, largest, events)) {
            follow(filter, heard.orElse(largest), events);
        }
    }

    /// Tells of changes from after one id up to another.
    ///
    /// @return whether there is still somebody to tell
    private boolean tell(FindingFilter filter, long afterId, long upToId, EventWriter events) {
        long told = afterId;
        while (told < upToId) {
            News news = store.newsAfter(told, filter, MOST_AT_ONCE);
            for (Change change : news.changes()) {
                if (change.id() <= upToId && !tell(change, events)) {
                    return false;
                }
            }
            told = news.lastId();
        }
        return true;
    }

    private void follow(FindingFilter filter, long afterId, EventWriter events) {
        long told = afterId;
        while (true) {
            long seen = store.news().count();
            News news = store.newsAfter(told, filter, MOST_AT_ONCE);
            for (Change change : news.changes()) {
                if (!tell(change, events)) {
                    return;
                }
            }
            told = news.lastId();
            if (store.news().isOver() || !events.beat()) {
                return;
            }
            if (news.isAll()) {
                store.news().pause(BETWEEN_LOOKS.toNanos());
                store.news().awaitMoreThan(seen, LONGEST_WAIT.toNanos());
            }
        }
    }

    /// @return whether there is still somebody to tell
    private boolean tell(Change change, EventWriter events) {
        String name = change.incident().open() ? "changed" : "closed";
        String text = new String(json.write(IncidentView.of(change.incident())), StandardCharsets.UTF_8);
        return events.send(Long.toString(change.id()), name, text);
    }

    private static Optional<Long> number(String lastId) {
        try {
            return Optional.of(Long.parseLong(lastId)).filter(id -> id >= 0);
        } catch (NumberFormatException noneOfOurs) {
            return Optional.empty();
        }
    }
}
