package dev.telltale.alerts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks the system's resolver, on a few platform threads: the call is native, cannot be interrupted, and would hold
/// the carrier of a virtual thread for as long as a name server stays silent.
final class SystemNames implements Names, AutoCloseable {

    private static final int THREADS = 4;
    private static final int MOST_WAITING = 64;
    private static final long IDLE_SECONDS = 30;

    private final Duration patience;
    private final ThreadPoolExecutor threads;

    SystemNames(Duration patience) {
        this.patience = patience;
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
            Future<InetAddress[]> answer = threads.submit(() -> InetAddress.getAllByName(host));
            try {
                return List.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            } finally {
                answer.cancel(true);
            }
        } catch (ExecutionException | TimeoutException | RejectedExecutionException unknown) {
            throw unknown(host);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw unknown(host);
        }
    }

    private static UnknownHostException unknown(String host) {
        return new UnknownHostException("the host " + host + " has no known address");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
