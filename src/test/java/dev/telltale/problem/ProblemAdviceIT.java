package dev.telltale.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.telltale.http.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(ProblemAdviceIT.Failing.class)
class ProblemAdviceIT {

    @TempDir
    private static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Json JSON = new Json();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @Test
    void saysOfAnUnforeseenFailureOnlyAnIdThatTheLogHoldsToo() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(ProblemAdvice.class);
        // A start that failed in another test of this process may have left the log shut.
        logger.getLoggerContext().getTurboFilterList().clear();
        logger.addAppender(log);
        HttpResponse<String> response = fail("unforeseen");
        logger.detachAppender(log);
        JsonNode problem = JSON.mapper().readTree(response.body());
        String detail = problem.get("detail").asString();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(problem.get("type").asString()).isEqualTo("/problems/internal-error");
        assertThat(response.body()).doesNotContain("Exception", "telltale.", "java", "secret");
        assertThat(log.list).anySatisfy(line -> {
            assertThat(line.getFormattedMessage()).contains(detail.substring(detail.lastIndexOf(' ') + 1));
            assertThat(line.getThrowableProxy().getMessage()).contains("secret");
        });
    }

    @Test
    void saysWhenToComeBack() throws Exception {
        HttpResponse<String> response = fail("overloaded");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("7");
        assertThat(JSON.mapper().readTree(response.body()).get("queued").asInt())
                .isEqualTo(32);
    }

    @Test
    void findsTheProblemThatOthersHaveWrapped() throws Exception {
        assertThat(fail("wrapped").statusCode()).isEqualTo(503);
    }

    @Test
    void namesAHundredFaultsAtMost() throws Exception {
        assertThat(JSON.mapper().readTree(fail("faulty").body()).get("errors").size())
                .isEqualTo(100);
    }

    @Test
    void answersABodyThatDoesNotComeAsATimeout() throws Exception {
        assertThat(fail("slow").statusCode()).isEqualTo(408);
    }

    @Test
    void breaksTheConnectionWhereHalfAnAnswerIsOut() {
        assertThat(catchThrowable(() -> fail("late"))).isInstanceOf(IOException.class);
    }

    private HttpResponse<String> fail(String how) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/test/failures/" + how);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private enum TestProblem implements ProblemType {
        BUSY;

        @Override
        public ProblemKind kind() {
            return ProblemKind.OVERLOADED;
        }

        @Override
        public String title() {
            return "Too busy";
        }
    }

    @RestController
    static class Failing {

        @GetMapping("/test/failures/{how}")
        Map<String, String> fail(@PathVariable String how, HttpServletResponse response) throws IOException {
            Problem busy = TestProblem.BUSY
                    .because("busy")
                    .retryAfter(Duration.ofSeconds(7))
                    .with("queued", 32);
            switch (how) {
                case "unforeseen" -> throw new IllegalStateException("the secret is in dev.telltale.problem");
                case "overloaded" -> throw busy;
                case "wrapped" -> throw new IllegalStateException(new IOException(busy));
                case "slow" -> throw new IllegalStateException(new SocketTimeoutException());
                case "faulty" ->
                    throw busy.with(IntStream.range(0, 200)
                            .mapToObj(line -> ProblemError.atLine(line, "bad"))
                            .toList());
                default -> {
                    response.setContentLength(100);
                    response.getOutputStream().write("half".getBytes(StandardCharsets.UTF_8));
                    response.flushBuffer();
                    throw new IllegalStateException("after the start");
                }
            }
        }
    }
}
