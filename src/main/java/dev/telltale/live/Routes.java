package dev.telltale.live;

import dev.telltale.series.OwnSeries;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Series;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Where the samples of each series go: to the detectors that watch it. Senders ask on their own threads; changes
/// are made one at a time.
final class Routes {

    private static final Route[] NOBODY = {};

    private final Map<Long, Route[]> routes = new ConcurrentHashMap<>();
    private final Set<Long> unknown = new LinkedHashSet<>(); // guarded by itself

    /// One detector that a series goes to.
    ///
    /// @param channel of the watched series that the samples are of
    record Route(Lane lane, WatchedSeries watched, int channel) {}

    /// Hands samples to those who watch their series.
    ///
    /// @return whether some are of series that nobody was asked about yet
    boolean hand(SampleBatch batch) {
        Set<Lane> concerned = new HashSet<>();
        long lastId = Long.MIN_VALUE;
        Route[] ways = NOBODY;
        boolean isNews = false;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.seriesId(i) != lastId) {
                lastId = batch.seriesId(i);
                Route[] known = routes.get(lastId);
                isNews |= known == null && isUnknown(lastId);
                ways = known == null ? NOBODY : known;
            }
            for (Route way : ways) {
                way.lane.arrived(way.watched, way.channel, batch.time(i), batch.value(i));
                concerned.add(way.lane);
            }
        }
        concerned.forEach(Lane::schedule);
        return isNews;
    }

    /// Tells those who watch a series that it ends.
    void end(long seriesId, long time) {
        for (Route way : routes.getOrDefault(seriesId, NOBODY)) {
            way.lane.ended(way.watched, time);
        }
    }

    /// Tells those who watch a series that samples of it are in the store.
    ///
    /// @param first time of the first of them
    /// @return whether it is a series that nobody was asked about yet
    boolean miss(long seriesId, long first) {
        Route[] known = routes.get(seriesId);
        if (known == null) {
            return isUnknown(seriesId);
        }
        for (Route way : known) {
            way.lane.missed(way.watched, first);
        }
        return false;
    }

    /// Sends a series to one more detector. What was stored before that it reads from the store.
    ///
    /// @return whether a series among these is one that nobody was asked about yet
    boolean add(Lane lane, WatchedSeries watched) {
        boolean isNews = false;
        for (int i = 0; i < watched.channels().size(); i++) {
            Route route = new Route(lane, watched, i);
            long series = watched.channels().get(i).id();
            isNews |= routes.put(series, with(routes.get(series), route)) == null && isUnknown(series);
        }
        lane.watch(watched);
        return isNews;
    }

    private static Route[] with(Route @Nullable [] before, Route route) {
        if (before == null) {
            return new Route[] {route};
        }
        Route[] more = Arrays.copyOf(before, before.length + 1);
        more[before.length] = route;
        return more;
    }

    /// Sends nothing on some ways from now on.
    void removeIf(Predicate<Route> over) {
        routes.replaceAll((series, before) -> Arrays.stream(before).anyMatch(over)
                ? Arrays.stream(before).filter(over.negate()).toArray(Route[]::new)
                : before);
    }

    /// Whether a series goes to a detector.
    boolean leads(Series series, Lane lane) {
        return Arrays.stream(routes.getOrDefault(series.id(), NOBODY)).anyMatch(route -> route.lane == lane);
    }

    /// Whether a series may be watched at all: those that Telltale makes of others may not.
    static boolean isOpen(Series series) {
        return !OwnSeries.has(series.name());
    }

    /// Series that detectors are to be asked about.
    List<Long> unknown() {
        synchronized (unknown) {
            return List.copyOf(unknown);
        }
    }

    /// All detectors were asked about these.
    void known(List<Long> series) {
        series.forEach(id -> routes.putIfAbsent(id, NOBODY));
    }

    /// Detectors were asked about these, or could not be: then they are when the next samples come.
    void asked(List<Long> series) {
        synchronized (unknown) {
            series.forEach(unknown::remove);
        }
    }

    private boolean isUnknown(long seriesId) {
        synchronized (unknown) {
            return unknown.add(seriesId);
        }
    }
}
