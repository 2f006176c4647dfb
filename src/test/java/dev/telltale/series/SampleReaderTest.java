package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleReaderTest {

    private static final long T = 1_393_695_240_000L; // 2014-03-01T17:34:00Z

    private final SampleReader reader = new SampleReader(new Json());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timestamp,value\n1393695240000,1.5\n1393695300000,2\n",
                "timestamp,value\n1393695240000,1.5\n1393695300000,2",
                "\uFEFFtimestamp,value\r\n2014-03-01 17:34:00,1.5\r\n2014-03-01T17:35:00Z,2\r\n",
                "timestamp,value\r2014-03-01 17:34:00,1.5\r2014-03-01 17:35:00,2\r",
                "timestamp,bytes\n2014-03-01 17:34:00,1.5\n2014-03-01 17:35:00,2\n",
                "bytes,timestamp\n1.5,2014-03-01 17:34:00\n2,2014-03-01 17:35:00\n",
                "host,value,timestamp\na,1.5,1393695240000\n\"b,\"\"c\n\",2,1393695300000\n",
                "\"timestamp\",\"value\"\n\"2014-03-01 17:34:00\",\"1.5\"\n\n2014-03-01T17:35:00.000, 2 \n",
                "timestamp,value\n1393695300000,2\n1393695240000,1.5\n",
            })
    void readsCsvInTheFormsPeopleHaveIt(String csv) {
        SampleRows rows = csv(csv, ZoneOffset.UTC);

        assertThat(rows.samples(Duplicates.REFUSE))
                .isEqualTo(new Samples(new long[] {T, T + 60_000}, new double[] {1.5, 2}));
        assertThat(rows.missing()).isZero();
    }

    @Test
    void countsEmptyCellsAsMissing() {
        SampleRows rows = csv("timestamp,value\n1393695240000,\n1393695300000,\"\"\n1393695360000,1\n", ZoneOffset.UTC);

        assertThat(rows.missing()).isEqualTo(2);
        assertThat(rows.count()).isEqualTo(1);
    }

    @Test
    void takesNaiveTimesInTheZoneThatIsNamed() {
        SampleRows rows = csv("timestamp,value\n2014-03-01 18:34:00,1\n", ZoneId.of("Europe/Berlin"));

        assertThat(rows.samples(Duplicates.REFUSE).time(0)).isEqualTo(T);
    }

    @ParameterizedTest
    @CsvSource({"FIRST, 1", "LAST, 6", "MEAN, 3"})
    void mergesRowsOfOneTimeAsAsked(Duplicates duplicates, double expected) {
        SampleRows rows = csv(
                "timestamp,value\n1393695300000,9\n1393695240000,1\n1393695240000,2\n1393695240000,6\n",
                ZoneOffset.UTC);

        assertThat(rows.samples(duplicates))
                .isEqualTo(new Samples(new long[] {T, T + 60_000}, new double[] {expected, 9}));
    }

    @Test
    void refusesRowsOfOneTimeByTheirLines() {
        SampleRows rows = csv("timestamp,value\n1393695240000,1\n1393695300000,2\n1393695240000,1\n", ZoneOffset.UTC);
        Problem problem = catchThrowableOfType(Problem.class, () -> rows.samples(Duplicates.REFUSE));

        assertThat(problem.type()).isEqualTo(SeriesProblem.DUPLICATE_TIME);
        assertThat(problem.errors()).extracting(ProblemError::line).containsExactly(4L);
    }

    @Test
    void ordersRowsAsAMapDoes() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 200; round++) {
            TreeMap<Long, Double> expected = new TreeMap<>();
            StringBuilder csv = new StringBuilder("timestamp,value\n");
            int count = random.nextInt(1, 50);
            for (int i = 0; i < count; i++) {
                long time = T + random.nextInt(40);
                expected.put(time, (double) i);
                csv.append(time).append(',').append(i).append('\n');
            }
            Samples samples = csv(csv.toString(), ZoneOffset.UTC).samples(Duplicates.LAST);

            assertThat(samples.times())
                    .containsExactly(expected.keySet().stream()
                            .mapToLong(Long::longValue)
                            .toArray());
            assertThat(samples.values())
                    .containsExactly(expected.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", textBlock = """
            ~~                                                    | EMPTY_UPLOAD | -
            timestamp,value                                       | EMPTY_UPLOAD | -
            time,value;1,2                                        | BAD_CSV      | 1
            timestamp;1                                           | BAD_CSV      | 1
            timestamp,a,b;1,2,3                                   | BAD_CSV      | 1
            timestamp,timestamp;1,2                               | BAD_CSV      | 1
            timestamp,value,value;1,2,3                           | BAD_CSV      | 1
            timestamp,value;1393695240000                         | BAD_CSV      | 2
            timestamp,value;1393695240000,1,2                     | BAD_CSV      | 2
            timestamp,value;1393695240000,"1                      | BAD_CSV      | 2
            timestamp,value;1393695240000,"1"x                    | BAD_CSV      | 2
            timestamp,value;1393695240000,abc                     | BAD_VALUE    | 2
            timestamp,value;1393695240000,NaN                     | BAD_VALUE    | 2
            timestamp,value;1393695240000,1e999                   | BAD_VALUE    | 2
            timestamp,value;1393695240000,=cmd()                  | BAD_VALUE    | 2
            timestamp,value;1393695240000,-                       | BAD_VALUE    | 2
            timestamp,value;1393695240000,"1,5"                   | BAD_VALUE    | 2
            timestamp,value;1393695240,1                          | BAD_TIME     | 2
            timestamp,value;1e20,1                                | BAD_TIME     | 2
            timestamp,value;,1                                    | BAD_TIME     | 2
            timestamp,value;yesterday,1                           | BAD_TIME     | 2
            timestamp,value;1999-12-31 23:59:59,1                 | BAD_TIME     | 2
            timestamp,value;2100-01-01 00:00:01,1                 | BAD_TIME     | 2
            timestamp,value;2016-12-31 23:59:60,1                 | BAD_TIME     | 2
            timestamp,value;2014-02-30 00:00:00,1                 | BAD_TIME     | 2
            """)
    void refusesBadCsvByItsLine(String csv, String type, @Nullable Long line) {
        Problem problem = refused(csv.replace(';', '\n'));

        assertThat(problem.type().name()).isEqualTo(type);
        if (line != null) {
            assertThat(problem.errors()).extracting(ProblemError::line).containsExactly(line);
        }
    }

    @Test
    void guessesThatShortNumbersAreSeconds() {
        assertThat(refused("timestamp,value\n1393695240,1\n")
                        .errors()
                        .getFirst()
                        .detail())
                .contains("did you mean milliseconds?");
    }

    @Test
    void stopsAfterAHundredFaults() {
        assertThat(refused("timestamp,value\n" + "x,y\n".repeat(1_000)).errors())
                .hasSize(100);
    }

    @Test
    void refusesALineWithoutEndBeforeItIsInMemory() {
        InputStream endless = new InputStream() {
            private long left = 1L << 31;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                java.util.Arrays.fill(buffer, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        Problem problem = catchThrowableOfType(Problem.class, () -> reader.csv(endless, ZoneOffset.UTC));

        assertThat(problem.detail()).contains("64 KiB");
    }

    @Test
    void refusesAMillionColumns() {
        assertThat(refused("timestamp" + ",x".repeat(1_000_000) + "\n").detail())
                .contains("64 KiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "UTF-16"})
    void refusesWhatIsNotUtf8(String charset) {
        byte[] bytes = "timestamp,gr\u00f6\u00dfe\n1393695240000,1\n".getBytes(Charset.forName(charset));
        Problem problem =
                catchThrowableOfType(Problem.class, () -> reader.csv(new ByteArrayInputStream(bytes), ZoneOffset.UTC));

        assertThat(problem.type()).isEqualTo(HttpProblem.INVALID_ENCODING);
    }

    @Test
    void readsJson() {
        SampleRows rows = json("""
                {"samples": [{"timestamp": "2014-03-01T17:35:00Z", "value": 2}, {"value": 1.5, "timestamp": 1393695240000},
                 {"timestamp": "2014-03-01 17:36:00", "value": null}]}""");

        assertThat(rows.samples(Duplicates.REFUSE))
                .isEqualTo(new Samples(new long[] {T, T + 60_000}, new double[] {1.5, 2}));
        assertThat(rows.missing()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                                        | EMPTY_UPLOAD |
            {"samples":[]}                                            | EMPTY_UPLOAD |
            {}                                                        | MISSING_PROPERTY | /samples
            []                                                        | WRONG_TYPE |
            {"samples":{}}                                            | WRONG_TYPE       | /samples
            {"samples":[1]}                                           | WRONG_TYPE       | /samples/0
            {"rows":[]}                                               | UNKNOWN_PROPERTY |
            {"samples":[{"timestamp":1393695240000,"value":1,"x":1}]} | UNKNOWN_PROPERTY | /samples/0
            {"samples":[{"timestamp":1393695240000}]}                 | MISSING_PROPERTY | /samples/0/value
            {"samples":[{"value":1}]}                                 | MISSING_PROPERTY | /samples/0/timestamp
            {"samples":[{"timestamp":1393695240000,"value":"1"}]}     | BAD_VALUE        | /samples/0/value
            {"samples":[{"timestamp":1393695240000,"value":"NaN"}]}   | BAD_VALUE        | /samples/0/value
            {"samples":[{"timestamp":1393695240000,"value":1e999}]}   | BAD_VALUE        | /samples/0/value
            {"samples":[{"timestamp":1393695240000,"value":[1]}]}     | BAD_VALUE        | /samples/0/value
            {"samples":[{"timestamp":1e20,"value":1}]}                | BAD_TIME         | /samples/0/timestamp
            {"samples":[{"timestamp":99999999999999999999,"value":1}]} | BAD_TIME        | /samples/0/timestamp
            {"samples":[{"timestamp":1393695240,"value":1}]}          | BAD_TIME         | /samples/0/timestamp
            {"samples":[{"timestamp":null,"value":1}]}                | BAD_TIME         | /samples/0/timestamp
            {"samples":[{"timestamp":1393695240000,"value":1}          | MALFORMED_JSON |
            {"samples":[{"timestamp":1393695240000,"value":1}]}{}     | MALFORMED_JSON |
            {"samples":[{"timestamp":1,"timestamp":2,"value":1}]}     | DUPLICATE_KEY |
            """)
    void refusesBadJsonByItsPointer(String body, String type, @Nullable String pointer) {
        Problem problem = java.util.Objects.requireNonNull(catchThrowableOfType(Problem.class, () -> json(body)));

        assertThat(problem.type().name()).isEqualTo(type);
        if (pointer != null) {
            assertThat(problem.errors()).extracting(ProblemError::pointer).containsExactly(pointer);
        }
    }

    @Test
    void readsASampleFromEachLine() {
        SampleRows rows = reader.ndjson(bytes("""
                        \uFEFF{"timestamp": "2014-03-01T17:35:00Z", "value": 2}\r

                        {"value": 1.5, "timestamp": 1393695240000}
                        {"timestamp": "2014-03-01 17:36:00", "value": null}"""), ZoneOffset.UTC);

        assertThat(rows.samples(Duplicates.REFUSE))
                .isEqualTo(new Samples(new long[] {T, T + 60_000}, new double[] {1.5, 2}));
        assertThat(rows.missing()).isEqualTo(1);
    }

    @Test
    void namesEachBrokenLine() {
        String good = "{\"timestamp\":1393695240000,\"value\":1}\n";
        InputStream body = bytes(good + "{\"timestamp\":\n" + good + "[]\n{\"value\":1}\n{} {}\n" + good + "x");
        Problem problem = java.util.Objects.requireNonNull(
                catchThrowableOfType(Problem.class, () -> reader.ndjson(body, ZoneOffset.UTC)));

        assertThat(problem.type()).isEqualTo(HttpProblem.MALFORMED_JSON);
        assertThat(problem.errors()).extracting(ProblemError::line).containsExactly(2L, 4L, 5L, 6L, 8L);
    }

    @Test
    void findsTheEndsOfLinesAcrossItsBuffer() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"timestamp\":")
                    .append(T + i)
                    .append(",\"value\":")
                    .append(i)
                    .append("}\n");
        }
        SampleRows rows = reader.ndjson(bytes(lines.toString()), ZoneOffset.UTC);

        assertThat(rows.count()).isEqualTo(20_000);
        assertThat(rows.value(19_999)).isEqualTo(19_999);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private SampleRows csv(String text, ZoneId zone) {
        return reader.csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), zone);
    }

    private SampleRows json(String text) {
        return reader.json(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), ZoneOffset.UTC);
    }

    private Problem refused(String csv) {
        return java.util.Objects.requireNonNull(catchThrowableOfType(Problem.class, () -> csv(csv, ZoneOffset.UTC)));
    }
}
