package dev.telltale.http;

import dev.telltale.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Does a POST that names an `Idempotency-Key` once, and answers who sends it again with the answer of the
/// first time (draft-ietf-httpapi-idempotency-key-header-07).
///
/// Only answers that tell of something done (2xx) are kept: a request that was refused has done nothing and
/// may be sent again, also with the same key. An answer is kept after the work, so a process that is killed
/// between them forgets the key, and the request is done anew; where processes share the database, by any of them once
/// they take it for dead.
final class IdempotencyFilter extends OncePerRequestFilter {

    static final String KEY = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final int LARGEST_ANSWER = 64 << 10;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final List<String> KEPT_HEADERS = List.of(
            HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG, HttpHeaders.RETRY_AFTER, Prefer.APPLIED);
    /// Last parts of the paths that only compute: what they answer is the same each time.
    private static final Set<String> COMPUTING = Set.of("score", "summaries", "architectures", "attention");

    /// Answers with a secret, which must not be kept.
    private static final String KEYS = "/api/v1/keys";

    private final AnswerTable answers;
    private final EarlyAnswers early;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    IdempotencyFilter(AnswerTable answers, EarlyAnswers early) {
        this.answers = answers;
        this.early = early;
    }

    /// Whether a POST to this path can be told not to do anything twice. Samples that monitoring systems send
    /// again change nothing anyway.
    static boolean appliesTo(String path) {
        return path.startsWith("/api/")
                && !path.startsWith("/api/v1/ingest/")
                && !path.equals(KEYS)
                && !COMPUTING.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(KEY) == null
                || !request.getMethod().equals("POST")
                || !appliesTo(request.getRequestURI());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            String key = ofCaller(request, key(request.getHeader(KEY)));
            if (!running.add(key)) {
                throw isRunning();
            }
            try {
                switch (answers.claim(key)) {
                    case AnswerTable.Claim.Done(KeptAnswer kept) -> replay(kept, new HashedRequest(request), response);
                    case AnswerTable.Claim.Running() -> throw isRunning();
                    case AnswerTable.Claim.Granted() ->
                        answer(key, new HashedRequest(request), new CopiedResponse(response, LARGEST_ANSWER), chain);
                }
            } finally {
                running.remove(key);
            }
        } catch (Problem problem) {
            early.give(request, response, problem);
        }
    }

    private static Problem isRunning() {
        return HttpProblem.REQUEST_RUNNING
                .because("a request with this Idempotency-Key is being worked on; send it again in a moment")
                .retryAfter(RETRY_AFTER);
    }

    private void answer(String key, HashedRequest request, CopiedResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean isKept = false;
        try {
            chain.doFilter(request, response);
            isKept = isKept(key, request, response);
        } finally {
            if (!isKept) {
                answers.release(key);
            }
        }
    }

    private boolean isKept(String key, HashedRequest request, CopiedResponse response) throws IOException {
        Optional<byte[]> body = response.copy();
        if (response.getStatus() / 100 != 2 || body.isEmpty()) {
            return false;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : KEPT_HEADERS) {
            Optional.ofNullable(response.getHeader(name)).ifPresent(value -> headers.put(name, value));
        }
        try {
            answers.keep(key, new KeptAnswer(request.fingerprint(), response.getStatus(), headers, body.get()));
            return true;
        } catch (Problem notKept) {
            LOG.warn("An answer could not be kept for its Idempotency-Key: {}", notKept.detail());
            return false;
        }
    }

    private static void replay(KeptAnswer answer, HashedRequest request, HttpServletResponse response)
            throws IOException {
        if (!answer.fingerprint().equals(request.fingerprint())) {
            throw HttpProblem.KEY_REUSED.because(
                    "this Idempotency-Key was sent with another request; choose a new key for each thing to do");
        }
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setHeader(REPLAYED, "true");
        response.getOutputStream().write(answer.body());
    }

    /// The key as this caller's own: what others did with the same key is neither told nor in the way. No key of
    /// a header holds a line feed.
    private static String ofCaller(HttpServletRequest request, String key) {
        String caller = request.getRemoteUser();
        return caller == null ? key : caller + "\n" + key;
    }

    /// The key of a header: the text in its quotes, or all of it, as many clients send it.
    private static String key(String header) {
        String text = header.strip();
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        String key = quoted ? text.substring(1, text.length() - 1) : text;
        if (!key.matches("[ -~]{1,255}")) {
            throw HttpProblem.BAD_IDEMPOTENCY_KEY.because(
                    "an Idempotency-Key has 1 to 255 printable ASCII characters, such as those of a UUID");
        }
        return key;
    }
}
