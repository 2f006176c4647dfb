package dev.telltale.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.telltale.ingest.Mutations;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExportEncodingTest {

    private static final int MEGABYTE = 1 << 20;

    private final WorkingMemory.Part memory = new WorkingMemory(64L * MEGABYTE).part();

    @Test
    void isNamedByTheContentTypeWithoutItsParameters() {
        assertThat(ExportEncoding.of("Application/JSON; charset=utf-8")).contains(ExportEncoding.JSON);
        assertThat(ExportEncoding.of("application/x-protobuf")).contains(ExportEncoding.PROTOBUF);
        assertThat(ExportEncoding.of("application/protobuf")).isEmpty();
        assertThat(ExportEncoding.of(null)).isEmpty();
    }

    @Test
    void manySmallMessagesInAFewBytesAreRefusedBeforeTheyAreMade() {
        byte[] empty = new byte[2 * MEGABYTE]; // a million resources without anything
        for (int i = 0; i < empty.length; i += 2) {
            empty[i] = 10;
        }
        assertThatThrownBy(() -> ExportEncoding.PROTOBUF.read(empty, memory)).hasMessageContaining("send it in parts");
        byte[] lists = ("{\"a\":[" + "[],".repeat(MEGABYTE) + "[]]}").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ExportEncoding.JSON.read(lists, memory)).hasMessageContaining("send it in parts");
    }

    @Test
    void packedNumbersCountAsTheyAreHeldAndNotAsTheyAreSent() {
        // Bucket counts of one byte each, inside an exponential histogram.
        byte[] numbers = new byte[16 * MEGABYTE];
        byte[] export = numbers;
        for (int field : new int[] {2, 8, 1, 10, 2, 2, 1}) {
            export = wrapped(field, export);
        }
        byte[] bucketCounts = export;
        assertThatThrownBy(() -> ExportEncoding.PROTOBUF.read(bucketCounts, memory))
                .hasMessageContaining("send it in parts");
    }

    @Test
    void deepNestingIsRefusedInBothEncodings() {
        byte[] deep = {};
        for (int i = 0; i < 150; i++) {
            deep = wrapped(i % 2 == 0 ? 5 : 1, deep); // a value that is a list that holds a value
        }
        byte[] attribute = wrapped(1, wrapped(1, wrapped(1, wrapped(2, deep))));
        assertThatThrownBy(() -> ExportEncoding.PROTOBUF.read(attribute, memory))
                .hasMessageContaining("protobuf");
        byte[] lists = new byte[1_000];
        Arrays.fill(lists, (byte) '[');
        assertThatThrownBy(() -> ExportEncoding.JSON.read(lists, memory)).hasMessageContaining("1000 levels");
    }

    @Test
    void bracketsInsideTextsDoNotCountAsNesting() {
        JsonCost cost = JsonCost.of("{\"a\":\"[[[\\\"[[\",\"b\":[]}".getBytes(StandardCharsets.UTF_8));
        assertThat(cost.depth()).isEqualTo(2);
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[] latin = "{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ExportEncoding.JSON.read(latin, memory)).hasMessageContaining("UTF-8");
    }

    @Test
    void noClassIsNamedWhereAParserNamesOne() {
        assertThatThrownBy(() -> ExportEncoding.JSON.read(new byte[] {'{'}, memory))
                .hasMessageContaining("in JSON: End of input")
                .hasMessageNotContaining("java");
    }

    @Test
    void emptyBodiesAreAnExportOfNothingInProtobufAndMalformedInJson() {
        assertThat(ExportEncoding.PROTOBUF.read(new byte[0], memory).getResourceMetricsCount())
                .isZero();
        assertThat(ExportEncoding.JSON
                        .read("{}".getBytes(StandardCharsets.UTF_8), memory)
                        .getResourceMetricsCount())
                .isZero();
        assertThatThrownBy(() -> ExportEncoding.JSON.read(new byte[0], memory)).hasMessageContaining("JSON");
    }

    private static byte[] wrapped(int field, byte[] content) {
        byte[] head = new byte[6];
        int length = content.length;
        int at = 0;
        head[at++] = (byte) ((field << 3) | 2);
        while (length > 127) {
            head[at++] = (byte) ((length & 127) | 128);
            length >>>= 7;
        }
        head[at++] = (byte) length;
        byte[] message = Arrays.copyOf(head, at + content.length);
        System.arraycopy(content, 0, message, at, content.length);
        return message;
    }

    @Test
    void readsOrRefusesEveryMutationOfAnExport() throws InvalidProtocolBufferException {
        String json = """
                {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"h","histogram":{"aggregationTemporality":2,\
                "dataPoints":[{"timeUnixNano":"1704067200000000000","count":"3","sum":4.5,"bucketCounts":["1","2"],\
                "explicitBounds":[1]}]}},{"name":"g","gauge":{"dataPoints":[{"asDouble":3}]}}]}]}]}""";
        ExportMetricsServiceRequest.Builder export = ExportMetricsServiceRequest.newBuilder();
        JsonFormat.parser().merge(json, export);
        byte[] protobuf = export.build().toByteArray();
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            boolean asJson = i % 2 == 1;
            byte[] mutated = Mutations.of(asJson ? json.getBytes(StandardCharsets.UTF_8) : protobuf, random);
            try (WorkingMemory.Part part = new WorkingMemory(1 << 24).part()) {
                MetricsDecoder decoder = new MetricsDecoder(
                        new IgnoredAttributes(List.of()),
                        new Rates(1 << 20).pass(),
                        new SeriesFilter(List.of(), new SimpleMeterRegistry()));
                decoder.decode((asJson ? ExportEncoding.JSON : ExportEncoding.PROTOBUF).read(mutated, part));
            } catch (Problem problem) {
                refused++;
            }
        }
        assertThat(refused).isBetween(400, 3_999);
    }
}
