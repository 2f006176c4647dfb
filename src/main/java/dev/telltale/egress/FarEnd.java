package dev.telltale.egress;

import dev.telltale.problem.Excerpt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A receiver of remote write. Whatever it does, it is done with after the timeout, and no more than the begin of
/// its answer is read.
final class FarEnd implements AutoCloseable {

    private static final int ANSWER_BYTES = 1024;
    private static final Duration LONGEST_REST = Duration.ofMinutes(5);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;

    private final HttpRequest.Builder request;
    private final Duration timeout;
    private final InstantSource clock;
    private final HttpClient client;

    /// @param bearerToken empty for none
    /// @param timeout from connecting to the end of the answer
    FarEnd(URI url, String bearerToken, Duration timeout, InstantSource clock) {
        this.timeout = timeout;
        this.clock = clock;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
        request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("User-Agent", "Telltale")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0");
        if (!bearerToken.isEmpty()) {
            request.header("Authorization", "Bearer " + bearerToken);
        }
    }

    /// Sends a request.
    ///
    /// @param body a block of snappy
    Answer post(byte[] body) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                request.copy().POST(BodyPublishers.ofByteArray(body)).build(), _ -> new FirstBytes(ANSWER_BYTES));
        try {
            // The request's own timeout ends with the headers.
            return answer(response.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException hangs) {
            return notNow("it has not answered within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                String message = broken.getMessage();
                return notNow(broken.getClass().getSimpleName() + (message == null ? "" : ": " + message));
            }
            throw new IllegalStateException("a request could not be sent", e.getCause());
        } finally {
            response.cancel(true); // ends what goes on yet
        }
    }

    private Answer answer(HttpResponse<String> response) {
        int status = response.statusCode();
        String why = ("it answers " + status + " " + Excerpt.of(response.body().strip())).strip();
        if (status / 100 == 2) {
            return new Answer.Written();
        }
        if (status / 100 == 5 || status == TOO_MANY_REQUESTS) {
            return new Answer.NotNow(
                    why, response.headers().firstValue("Retry-After").flatMap(this::rest));
        }
        return new Answer.Refused(status == BAD_REQUEST || status == TOO_LARGE || status == UNPROCESSABLE, why);
    }

    private static Answer notNow(String why) {
        return new Answer.NotNow(why, Optional.empty());
    }

    /// What `Retry-After` asks for, a number of seconds or a date; five minutes at most.
    private Optional<Duration> rest(String retryAfter) {
        Duration rest;
        try {
            rest = retryAfter.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : Duration.between(
                            clock.instant(), DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter, Instant::from));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
        return rest.isNegative()
                ? Optional.empty()
                : Optional.of(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
