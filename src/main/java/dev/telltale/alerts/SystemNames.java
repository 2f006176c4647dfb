package dev.telltale.alerts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks the system's resolver, on a few platform threads: the call is native, cannot be interrupted, and would hold
/// the carrier of a virtual thread for as long as a name server stays silent. Of one host one look-up is under way at
/// a time, however often it is asked for, so that a name whose server is silent holds one of the threads and no more.
final class SystemNames implements Names, AutoCloseable {

    private static final int THREADS = 4;
    private static final int MOST_WAITING = 64;
    private static final long IDLE_SECONDS = 30;

    private final Duration patience;
    private final Names system;
    private final Map<String, Future<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    /// @param patience how long to wait for an answer
    SystemNames(Duration patience) {
        this(patience, host -> List.of(InetAddress.getAllByName(host)));
    }

    /// @param system who is asked, for as long as that takes
    SystemNames(Duration patience, Names system) {
        this.patience = patience;
        this.system = system;
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("alert-names-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        try {
            return underWay.computeIfAbsent(host.toLowerCase(Locale.ROOT), this::ask)
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException unknown) {
            throw unknown(host);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw unknown(host);
        }
    }

    private Future<List<InetAddress>> ask(String host) {
        return threads.submit(() -> {
            try {
                return system.resolve(host);
            } finally {
                underWay.remove(host);
            }
        });
    }

    private static UnknownHostException unknown(String host) {
        return new UnknownHostException("the host " + host + " has no known address");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
