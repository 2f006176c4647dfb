package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    private final Json json = new Json();

    record Training(
            int epochs,
            double rate,
            String name,
            @Nullable Instant start,
            Optional<Duration> limit,
            @Nullable Rule rule,
            @Nullable List<Layer> layers,
            @Nullable Map<String, String> labels) {}

    record Layer(int units) {

        Layer {
            if (units < 1) {
                throw HttpProblem.OUT_OF_RANGE.because("units must be at least 1, was %d", units);
            }
        }
    }

    enum Rule {
        RATE,
        BEST_F1
    }

    private static final String GOOD = "\"epochs\":1,\"rate\":0.5,\"name\":\"a\"";

    @Test
    void readsARecordAndLeavesOutWhatMayBeAbsent() {
        Training training = read("{" + GOOD + "}");

        assertThat(training.epochs()).isEqualTo(1);
        assertThat(training.start()).isNull();
        assertThat(training.limit()).isEmpty();
    }

    @Test
    void readsTimesDurationsEnumsAndNull() {
        Training training =
                read("{" + GOOD + ",\"start\":1393695240000,\"limit\":\"PT5M\",\"rule\":\"best-f1\",\"layers\":null}");

        assertThat(training.start()).isEqualTo(Instant.parse("2014-03-01T17:34:00Z"));
        assertThat(training.limit()).contains(Duration.ofMinutes(5));
        assertThat(training.rule()).isEqualTo(Rule.BEST_F1);
        assertThat(new String(json.write(training), StandardCharsets.UTF_8))
                .contains("\"start\":\"2014-03-01T17:34:00Z\"", "\"limit\":\"PT5M\"", "\"rule\":\"best-f1\"");
    }

    @Test
    void takesAByteOrderMarkAndANumberTooSmallForADouble() {
        assertThat(read("\uFEFF{\"epochs\":1,\"rate\":1e-400,\"name\":\"a\"}").rate())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"epochs":1,"rate":NaN,"name":"a"}                         | MALFORMED_JSON |
            {"epochs":1,"rate":"NaN","name":"a"}                       | WRONG_TYPE        | /rate
            {"epochs":1,"rate":"-INF","name":"a"}                      | WRONG_TYPE        | /rate
            {"epochs":1,"rate":1e999,"name":"a"}                       | NON_FINITE_NUMBER | /rate
            {"epochs":1,"rate":-1e999,"name":"a"}                      | NON_FINITE_NUMBER | /rate
            {"epochs":1,"rate":" 1.5 ","name":"a"}                     | WRONG_TYPE        | /rate
            {"epochs":1,"rate":true,"name":"a"}                        | WRONG_TYPE        | /rate
            {"epochs":1,"rate":[1],"name":"a"}                         | WRONG_TYPE        | /rate
            {"epochs":1,"rate":null,"name":"a"}                        | WRONG_TYPE        | /rate
            {"epochs":"1","rate":1,"name":"a"}                         | WRONG_TYPE        | /epochs
            {"epochs":1.9,"rate":1,"name":"a"}                         | WRONG_TYPE        | /epochs
            {"epochs":true,"rate":1,"name":"a"}                        | WRONG_TYPE        | /epochs
            {"epochs":null,"rate":1,"name":"a"}                        | WRONG_TYPE        | /epochs
            {"epochs":99999999999,"rate":1,"name":"a"}                 | OUT_OF_RANGE      | /epochs
            {"epochs":1,"rate":1,"name":7}                             | WRONG_TYPE        | /name
            {"epochs":1,"rate":1,"name":null}                          | WRONG_TYPE        | /name
            {"epochs":1,"rate":1,"name":"a\\u0000"}                    | INVALID_TEXT      | /name
            {"epochs":1,"rate":1,"name":"\\ud800"}                     | INVALID_TEXT      | /name
            {"epochs":1,"rate":1}                                      | MISSING_PROPERTY  | /name
            {}                                                         | MISSING_PROPERTY  | /epochs
            {"epochs":1,"rate":1,"name":"a","admin":true}              | UNKNOWN_PROPERTY  | /admin
            {"epochs":1,"epochs":2,"rate":1,"name":"a"}                | DUPLICATE_KEY |
            {"epochs":1,"rate":1,"name":"a"} {}                        | MALFORMED_JSON |
            {"epochs":1,"rate":1,"name":"a"                            | MALFORMED_JSON |
            []                                                         | WRONG_TYPE |
            null                                                       | WRONG_TYPE |
            {"epochs":1,"rate":1,"name":"a","start":1e20}              | WRONG_TYPE        | /start
            {"epochs":1,"rate":1,"name":"a","start":"2014-02-30T00:00:00Z"} | BAD_TIME     | /start
            {"epochs":1,"rate":1,"name":"a","limit":"5m"}              | BAD_DURATION      | /limit
            {"epochs":1,"rate":1,"name":"a","rule":"sigma"}            | INVALID_VALUE     | /rule
            {"epochs":1,"rate":1,"name":"a","rule":0}                  | INVALID_VALUE     | /rule
            {"epochs":1,"rate":1,"name":"a","layers":[{"units":1},{"units":0}]} | OUT_OF_RANGE | /layers/1
            {"epochs":1,"rate":1,"name":"a","layers":[null]}           | WRONG_TYPE        | /layers/0
            {"epochs":1,"rate":1,"name":"a","labels":{"a/b":1}}        | WRONG_TYPE        | /labels/a~1b
            """)
    void refusesWhatDoesNotFitAndPointsAtIt(String body, String type, @Nullable String pointer) {
        Problem problem = refused(body.getBytes(StandardCharsets.UTF_8));

        assertThat(problem.type().name()).isEqualTo(type);
        if (pointer != null) {
            assertThat(problem.errors()).extracting(ProblemError::pointer).containsExactly(pointer);
        }
        assertThat(problem.detail()).doesNotContain("java", "tools.", "dev.", "Class");
    }

    @Test
    void refusesNumbersOfMoreThan64Characters() {
        assertThat(refused(("{\"epochs\":1,\"rate\":" + "9".repeat(309) + ",\"name\":\"a\"}")
                                .getBytes(StandardCharsets.UTF_8))
                        .type())
                .isEqualTo(HttpProblem.NUMBER_TOO_LONG);
    }

    @Test
    void refusesDeepNesting() {
        assertThat(refused(("{\"labels\":" + "[".repeat(600)).getBytes(StandardCharsets.UTF_8))
                        .type())
                .isIn(HttpProblem.NESTING_TOO_DEEP, HttpProblem.WRONG_TYPE);
        assertThat(refused("[".repeat(600).getBytes(StandardCharsets.UTF_8)).type())
                .isIn(HttpProblem.NESTING_TOO_DEEP, HttpProblem.WRONG_TYPE);
    }

    @Test
    void refusesAnEmptyBody() {
        assertThat(refused(new byte[0]).type()).isEqualTo(HttpProblem.EMPTY_BODY);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] latin = ("{" + GOOD.replace("\"a\"", "\"\u00e4\"") + "}").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(refused(latin).type()).isEqualTo(HttpProblem.INVALID_ENCODING);
        assertThat(refused(("{" + GOOD + "}").getBytes(StandardCharsets.UTF_16)).type())
                .isEqualTo(HttpProblem.INVALID_ENCODING);
    }

    @Test
    void readsListsOfFiniteNumbers() {
        assertThat(numbers("[1, -2.5, 1e3]")).containsExactly(1, -2.5, 1000);
        assertThatThrownBy(() -> numbers("[1, \"2\"]")).hasMessageContaining("expected a number, got a text");
        assertThatThrownBy(() -> numbers("[1, null]")).hasMessageContaining("expected a number, got null");
        assertThatThrownBy(() -> numbers("1")).hasMessageContaining("expected a list of numbers");
    }

    @Test
    void pointsAtTheNumberOfAListThatIsNone() {
        Problem problem = catchThrowableOfType(Problem.class, () -> numbers("[1, 2, \"3\"]"));

        assertThat(problem.errors()).containsExactly(ProblemError.at("/2", "expected a number, got a text"));
    }

    private double[] numbers(String body) {
        return json.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), double[].class);
    }

    private Training read(String body) {
        return json.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), Training.class);
    }

    private Problem refused(byte[] body) {
        return java.util.Objects.requireNonNull(
                catchThrowableOfType(Problem.class, () -> json.read(new ByteArrayInputStream(body), Training.class)));
    }
}
