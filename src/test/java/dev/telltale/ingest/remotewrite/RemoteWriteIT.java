package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.ingest.remotewrite.Receiver.Answer;
import dev.telltale.wire.prometheus.v1.Exemplar;
import dev.telltale.wire.prometheus.v1.Histogram;
import dev.telltale.wire.prometheus.v1.MetricMetadata;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import dev.telltale.wire.prometheus.v2.Request;
import dev.telltale.wire.prometheus.v2.Sample;
import dev.telltale.wire.prometheus.v2.TimeSeries;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RemoteWriteIT {

    private static final long NOW = System.currentTimeMillis();
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final double QUIET_STALE = Double.longBitsToDouble(0x7ff8000000000002L);

    @TempDir
    static Path directory;

    private static Receiver receiver;

    @BeforeAll
    static void start() {
        receiver = new Receiver(
                directory, "--telltale.ingest.keep[0]={job!=\"unwanted\"}", "--telltale.ingest.keep[1]=kept_anyway");
    }

    @AfterAll
    static void stop() {
        receiver.close();
    }

    @Test
    void storesSamplesOfBothVersions() {
        assertWritten(receiver.writeV1(SentV1.request(NOW, 1.5, "__name__", "one", "job", "api")), 1);
        assertWritten(
                receiver.writeV2(new SentV2()
                        .series("__name__", "two", "job", "api")
                        .sample(NOW, 2.5)
                        .sample(NOW + 1, 3.5)
                        .request()),
                2);

        assertThat(receiver.samples("one{job=\"api\"}")).isEqualTo(Map.of(NOW, 1.5));
        assertThat(receiver.samples("two{job=\"api\"}")).isEqualTo(Map.of(NOW, 2.5, NOW + 1, 3.5));
    }

    @Test
    void takesTheSameRequestAgain() {
        Request request =
                new SentV2().series("__name__", "again").sample(NOW, 1).request();

        assertWritten(receiver.writeV2(request), 1);
        assertWritten(receiver.writeV2(request), 1);

        assertThat(receiver.samples("again")).isEqualTo(Map.of(NOW, 1.0));
    }

    @Test
    void takesSamplesOutOfOrder() {
        assertWritten(receiver.writeV1(SentV1.request(NOW, 1, "__name__", "late")), 1);
        assertWritten(receiver.writeV1(SentV1.request(NOW - 60 * MINUTE, 2, "__name__", "late")), 1);

        assertThat(receiver.samples("late")).isEqualTo(Map.of(NOW, 1.0, NOW - 60 * MINUTE, 2.0));
    }

    @Test
    void writesTheGoodSamplesAndNamesTheCauseOfTheOthersFirst() {
        receiver.writeV1(SentV1.request(NOW, 1, "__name__", "mixed", "n", "conflict"));

        Answer answer = receiver.writeV2(new SentV2()
                .series("__name__", "mixed", "n", "good")
                .sample(NOW, 1)
                .series("__name__", "mixed", "n", "conflict")
                .sample(NOW, 2)
                .series("__name__", "mixed", "n", "old")
                .sample(NOW - 91 * DAY, 3)
                .sample(NOW, 4)
                .series("__name__", "mixed", "n", "future")
                .sample(NOW + 11 * MINUTE, 5)
                .series("job", "nameless")
                .sample(NOW, 6)
                .sample(NOW + 1, 7)
                .request());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.samples()).isEqualTo(2);
        assertThat(answer.histograms()).isZero();
        assertThat(answer.exemplars()).isZero();
        String start = answer.body().substring(0, Math.min(answer.body().length(), 1024));
        assertThat(start).contains("\"detail\":\"/timeseries/4: there is no label __name__; too old: mixed{n=");
        assertThat(answer.body())
                .contains("in future: ", "conflict: ", "2 of 7 samples", "\"pointer\":\"/timeseries/4\"");
        assertThat(receiver.samples("mixed{n=\"good\"}")).isEqualTo(Map.of(NOW, 1.0));
        assertThat(receiver.samples("mixed{n=\"conflict\"}")).isEqualTo(Map.of(NOW, 1.0));
        assertThat(receiver.samples("mixed{n=\"old\"}")).isEqualTo(Map.of(NOW, 4.0));
        assertThat(receiver.seriesCount("mixed{n=\"future\"}")).isZero();
    }

    @Test
    void takesValuesThatAreNoneAndEndsOfSeriesWithoutStoringThem() {
        double endsBefore = receiver.meter("telltale_remote_write_ends_samples_total");
        double skippedBefore = receiver.meter("telltale_skipped_samples_total{reason=\"non_finite\"}");

        assertWritten(
                receiver.writeV2(new SentV2()
                        .series("__name__", "ended")
                        .sample(NOW, 1)
                        .sample(NOW + 1, Double.NaN)
                        .sample(NOW + 2, Double.POSITIVE_INFINITY)
                        .sample(NOW + 3, Double.NEGATIVE_INFINITY)
                        .sample(NOW + 4, STALE)
                        .sample(NOW + 5, QUIET_STALE)
                        .request()),
                6);

        assertThat(receiver.samples("ended")).isEqualTo(Map.of(NOW, 1.0));
        assertThat(receiver.meter("telltale_remote_write_ends_samples_total")).isEqualTo(endsBefore + 2);
        assertThat(receiver.meter("telltale_skipped_samples_total{reason=\"non_finite\"}"))
                .isEqualTo(skippedBefore + 3);
    }

    @Test
    void keepsOnlyWantedSeriesAndAnswersTheOthersAsIfTheyWere() {
        double before = receiver.meter("telltale_filtered_samples_total");

        assertWritten(
                receiver.writeV1(WriteRequest.newBuilder()
                        .addTimeseries(SentV1.series("__name__", "filtered", "job", "unwanted")
                                .addSamples(SentV1.sample(NOW, 1)))
                        .addTimeseries(SentV1.series("__name__", "filtered", "job", "wanted")
                                .addSamples(SentV1.sample(NOW, 2)))
                        .addTimeseries(SentV1.series("__name__", "kept_anyway", "job", "unwanted")
                                .addSamples(SentV1.sample(NOW, 3)))
                        .build()),
                3);

        assertThat(receiver.samples("filtered")).isEqualTo(Map.of(NOW, 2.0));
        assertThat(receiver.samples("kept_anyway")).isEqualTo(Map.of(NOW, 3.0));
        assertThat(receiver.meter("telltale_filtered_samples_total")).isEqualTo(before + 1);
    }

    @Test
    void makesNoSeriesOfItsOwnScoresThatComeBack() {
        double before = receiver.meter("telltale_skipped_samples_total{reason=\"own_series\"}");

        assertWritten(
                receiver.writeV2(new SentV2()
                        .series("__name__", "telltale_score", "detector", "d")
                        .sample(NOW, 1)
                        .sample(NOW + 1, STALE)
                        .series("__name__", "telltale_expected", "detector", "d")
                        .sample(NOW, 2)
                        .series("__name__", "telltale_lower", "detector", "d")
                        .sample(NOW, 3)
                        .series("__name__", "telltale_upper", "detector", "d")
                        .sample(NOW, 4)
                        .series("__name__", "telltale_samples_total")
                        .sample(NOW, 5)
                        .request()),
                6);

        assertThat(receiver.seriesCount("{__name__=~\"telltale_.*\",detector=\"d\"}"))
                .isZero();
        assertThat(receiver.samples("telltale_samples_total")).isEqualTo(Map.of(NOW, 5.0));
        assertThat(receiver.meter("telltale_skipped_samples_total{reason=\"own_series\"}"))
                .isEqualTo(before + 4);
    }

    @Test
    void storesTheSamplesOfVersionOneBesideHistogramsAndExemplars() {
        double before = receiver.meter("telltale_remote_write_unwritten_total{kind=\"histograms\"}");

        Answer answer = receiver.writeV1(WriteRequest.newBuilder()
                .addTimeseries(SentV1.series("__name__", "beside")
                        .addSamples(SentV1.sample(NOW, 1))
                        .addExemplars(Exemplar.newBuilder().setValue(1).setTimestamp(NOW)))
                .addTimeseries(SentV1.series("__name__", "native")
                        .addHistograms(Histogram.newBuilder().setCountInt(3).setTimestamp(NOW)))
                .addMetadata(MetricMetadata.newBuilder().setMetricFamilyName("beside"))
                .build());

        assertWritten(answer, 1);
        assertThat(receiver.samples("beside")).isEqualTo(Map.of(NOW, 1.0));
        assertThat(receiver.meter("telltale_remote_write_unwritten_total{kind=\"histograms\"}"))
                .isEqualTo(before + 1);
    }

    @Test
    void saysInVersionTwoThatHistogramsAndExemplarsAreNotWritten() {
        Answer answer = receiver.writeV2(new SentV2()
                .series("__name__", "with_exemplar")
                .sample(NOW, 1)
                .exemplar(NOW, 1, "trace_id", "abc")
                .series("__name__", "native_histogram")
                .histogram(dev.telltale.wire.prometheus.v2.Histogram.newBuilder()
                        .setCountInt(3)
                        .setTimestamp(NOW)
                        .build())
                .request());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.samples()).isEqualTo(1);
        assertThat(answer.histograms()).isZero();
        assertThat(answer.exemplars()).isZero();
        assertThat(answer.body()).contains("native histograms are not stored here; exemplars are not stored here");
        assertThat(receiver.samples("with_exemplar")).isEqualTo(Map.of(NOW, 1.0));
    }

    @Test
    void refusesASeriesWithSamplesAndHistograms() {
        Answer answer = receiver.writeV2(new SentV2()
                .series("__name__", "both")
                .sample(NOW, 1)
                .histogram(dev.telltale.wire.prometheus.v2.Histogram.newBuilder()
                        .setCountInt(3)
                        .setTimestamp(NOW)
                        .build())
                .series("__name__", "beside_both")
                .sample(NOW, 2)
                .request());

        assertRefused(answer, 1, "/timeseries/0: it has samples and histograms");
        assertThat(receiver.seriesCount("both")).isZero();
        assertThat(receiver.samples("beside_both")).isEqualTo(Map.of(NOW, 2.0));
    }

    @Test
    void refusesLabelsThatAreNotValidAndWritesTheSeriesBeside() {
        assertRefusedLabels("there is no label __name__", "job", "api");
        assertRefusedLabels("there is no label __name__");
        assertRefusedLabels("its labels are not in order, or one stands twice", "__name__", "x", "b", "1", "a", "2");
        assertRefusedLabels("its labels are not in order, or one stands twice", "__name__", "x", "a", "1", "a", "2");
        assertRefusedLabels("a label has no name", "", "1", "__name__", "x");
        assertRefusedLabels("a label has no value", "__name__", "x", "a", "");
        assertRefusedLabels("it has more than 40 labels", labels(41));
        assertRefusedLabels("longer than", "__name__", "x", "a", "v".repeat(4097));
        assertRefusedLabels("longer than", "__name__", "x", "n".repeat(600), "v");
        assertRefusedLabels("is not a label name", "__name__", "x", "job.name", "v");
        assertRefusedLabels("is not a series name", "__name__", "cpu usage");
        assertRefusedLabels("control character", "__name__", "x", "a", "nul\0");
        assertWritten(
                receiver.writeV2(new SentV2().series(labels(40)).sample(NOW, 1).request()), 1);
    }

    @Test
    void refusesReferencesThatLeadNowhere() {
        assertRefused(receiver.writeV2(refs(1, 99)), 1, "it names symbol 99 of 5");
        assertRefused(receiver.writeV2(refs(1, 2, 3)), 1, "odd number of symbols");
        assertRefused(receiver.writeV2(refs(1, -1)), 1, "it names symbol 4294967295 of 5");
        Request first = new SentV2().series("__name__", "x").sample(NOW, 1).request();
        assertRefused(
                receiver.writeV2(first.toBuilder().setSymbols(0, "not empty").build()),
                0,
                "the first symbol must be empty");
        assertThat(receiver.seriesCount("x")).isZero();
    }

    @Test
    void refusesTextThatIsNotUtf8InItsSeriesOnly() {
        ByteString broken = ByteString.copyFrom(new byte[] {'a', (byte) 0xff});
        Request request = new SentV2()
                .series("__name__", "encoded")
                .sample(NOW, 1)
                .series("__name__", "broken_encoding")
                .sample(NOW, 2)
                .request();
        byte[] body = request.toByteArray();
        String name = "broken_encoding";
        int at = new String(body, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(name);
        broken.copyTo(body, at);

        assertRefused(receiver.write(Receiver.snappy(body), Receiver.V2, "snappy"), 1, "not UTF-8");

        assertThat(receiver.samples("encoded")).isEqualTo(Map.of(NOW, 1.0));
    }

    @Test
    void versionOneTakesLabelsInAnyOrderAndEmptyOnesAsNone() {
        assertWritten(
                receiver.writeV1(SentV1.request(NOW, 1, "b", "2", "__name__", "unordered", "c", "", "a", "1")), 1);
        assertRefused(
                receiver.writeV1(SentV1.request(NOW, 1, "a", "2", "__name__", "unordered", "a", "1")),
                0,
                "the label 'a' stands twice");

        assertThat(receiver.samples("unordered{a=\"1\",b=\"2\"}")).isEqualTo(Map.of(NOW, 1.0));
    }

    @Test
    void skipsFieldsThatItDoesNotKnow() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .addField(
                        98,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                .build())
                .addField(
                        97,
                        UnknownFieldSet.Field.newBuilder()
                                .addGroup(UnknownFieldSet.newBuilder()
                                        .addField(
                                                1,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addFixed64(1)
                                                        .build())
                                        .build())
                                .build())
                .build();
        Request request = Request.newBuilder()
                .setUnknownFields(unknown)
                .addSymbols("")
                .addSymbols("__name__")
                .addSymbols("from_later")
                .addTimeseries(TimeSeries.newBuilder()
                        .setUnknownFields(unknown)
                        .addLabelsRefs(1)
                        .addLabelsRefs(2)
                        .addSamples(Sample.newBuilder()
                                .setTimestamp(NOW)
                                .setValue(1)
                                .setUnknownFields(unknown)))
                .build();

        assertWritten(receiver.writeV2(request), 1);
        assertThat(receiver.samples("from_later")).isEqualTo(Map.of(NOW, 1.0));
    }

    @Test
    void takesARequestWithNothingInIt() {
        assertWritten(receiver.writeV1(WriteRequest.getDefaultInstance()), 0);
        assertWritten(receiver.writeV2(Request.getDefaultInstance()), 0);
    }

    @Test
    void readsVersionsByTheContentType() {
        byte[] body =
                Receiver.snappy(SentV1.request(NOW, 1, "__name__", "typed").toByteArray());

        for (String type : new String[] {
            "application/x-protobuf",
            "application/x-protobuf;proto=prometheus.WriteRequest",
            "application/x-protobuf; proto=\"prometheus.WriteRequest\"",
            "Application/X-Protobuf; charset=utf-8"
        }) {
            assertWritten(receiver.write(body, type, "snappy"), 1);
        }
        assertWritten(receiver.write(body, "application/x-protobuf", "Snappy"), 1);
        for (String type : new String[] {
            "application/json",
            "application/protobuf",
            "application/x-protobuf;proto=io.prometheus.write.v3.Request",
            "application/x-protobuf;proto=",
            "x"
        }) {
            Answer answer = receiver.write(body, type, "snappy");
            assertThat(answer.status()).as(type).isEqualTo(415);
            assertThat(answer.samples()).isZero();
        }
        for (String coding :
                new String[] {"", "gzip", "deflate", "identity", "zstd", "snappy, gzip", "x-snappy-framed"}) {
            assertThat(receiver.write(body, "application/x-protobuf", coding).status())
                    .as(coding)
                    .isEqualTo(415);
        }
    }

    @Test
    void answersAProblemDocument() {
        Answer answer = receiver.write(new byte[0], "text/plain", "snappy");

        assertThat(new JsonMapper().readTree(answer.body()).get("type").asString())
                .isEqualTo("/problems/not-remote-write");
    }

    @Test
    void asksToSendAgainWhereTheStoreFails(@TempDir Path other) {
        try (Receiver failing = new Receiver(other)) {
            WriteRequest request = SentV1.request(NOW, 1, "__name__", "later");
            assertWritten(failing.writeV1(request), 1);
            failing.bean(SqliteDatabase.class).close();

            Answer answer = failing.writeV1(SentV1.request(NOW + 1, 1, "__name__", "later"));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.retryAfter()).isNotEmpty();
            assertThat(answer.samples()).isZero();
        }
    }

    @Test
    void refusesSeriesAboveTheLimitForGood(@TempDir Path other) {
        try (Receiver small = new Receiver(other, "--telltale.store.series-limit=1")) {
            Answer answer = small.writeV1(WriteRequest.newBuilder()
                    .addTimeseries(SentV1.series("__name__", "first").addSamples(SentV1.sample(NOW, 1)))
                    .addTimeseries(SentV1.series("__name__", "second").addSamples(SentV1.sample(NOW, 1)))
                    .build());

            assertRefused(answer, 1, "series limit: second would be one series too many");
            assertThat(small.samples("first")).isEqualTo(Map.of(NOW, 1.0));
        }
    }

    private static void assertWritten(Answer answer, long samples) {
        assertThat(answer).isEqualTo(new Answer(204, samples, 0, 0, "", ""));
    }

    private static void assertRefused(Answer answer, long written, String cause) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.samples()).isEqualTo(written);
        assertThat(answer.histograms()).isZero();
        assertThat(answer.exemplars()).isZero();
        assertThat(answer.body()).contains(cause);
    }

    private static void assertRefusedLabels(String cause, String... labels) {
        Answer answer = receiver.writeV2(new SentV2()
                .series(labels)
                .sample(NOW, 1)
                .series("__name__", "beside_labels", "cause", cause)
                .sample(NOW, 2)
                .request());
        assertRefused(answer, 1, cause);
        assertThat(receiver.samples("beside_labels{cause=\"" + cause + "\"}")).isEqualTo(Map.of(NOW, 2.0));
    }

    /// A name and so many labels.
    private static String[] labels(int count) {
        String[] labels = new String[2 + 2 * count];
        labels[0] = "__name__";
        labels[1] = "many";
        for (int i = 0; i < count; i++) {
            labels[2 + 2 * i] = String.format("l%02d", i);
            labels[3 + 2 * i] = "v";
        }
        return labels;
    }

    /// A series with these references and a valid one.
    private static Request refs(int... refs) {
        Request.Builder request =
                new SentV2().series("__name__", "valid", "case", "refs").sample(NOW, 1).request().toBuilder();
        TimeSeries.Builder series =
                TimeSeries.newBuilder().addSamples(Sample.newBuilder().setTimestamp(NOW));
        for (int ref : refs) {
            series.addLabelsRefs(ref);
        }
        return request.addTimeseries(series).build();
    }
}
