package dev.telltale.ingest.firehose;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What CloudWatch and Firehose would send of one EC2 instance, in the shapes of their documentation.
final class MetricStream {

    private MetricStream() {}

    /// The processor of an instance over one minute: four measurements, 2, 4, 4 and 14 percent.
    ///
    /// @param minute its start, epoch milliseconds
    static byte[] json(long minute) {
        return """
                {"metric_stream_name":"MyMetricStream","account_id":"123456789012","region":"eu-west-1",\
                "namespace":"AWS/EC2","metric_name":"CPUUtilization","dimensions":{"InstanceId":"i-1234567890abcdef0"},\
                "timestamp":%d,"value":{"max":14.0,"min":2.0,"sum":24.0,"count":4.0,"p99":13.9,"p99.9":13.99},\
                "unit":"Percent"}
                """.formatted(minute).getBytes(StandardCharsets.UTF_8);
    }

    /// The same in the OpenTelemetry 1.0 format.
    static byte[] openTelemetry(long minute) {
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("cloud.provider", "aws");
        resource.put("cloud.account.id", "123456789012");
        resource.put("cloud.region", "eu-west-1");
        resource.put("aws.exporter.arn", "arn:aws:cloudwatch:eu-west-1:123456789012:metric-stream/MyMetricStream");
        SummaryDataPoint.Builder point = SummaryDataPoint.newBuilder()
                .setStartTimeUnixNano(minute * 1_000_000)
                .setTimeUnixNano((minute + 60_000) * 1_000_000)
                .setCount(4)
                .setSum(24)
                .addAttributes(attribute("Namespace", "AWS/EC2"))
                .addAttributes(attribute("MetricName", "CPUUtilization"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("Dimensions")
                        .setValue(AnyValue.newBuilder()
                                .setKvlistValue(KeyValueList.newBuilder()
                                        .addValues(attribute("InstanceId", "i-1234567890abcdef0")))));
        for (double[] quantile : new double[][] {{0, 2}, {0.99, 13.9}, {0.999, 13.99}, {1, 14}}) {
            point.addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder()
                    .setQuantile(quantile[0])
                    .setValue(quantile[1]));
        }
        return delimited(
                export(resource, Summary.newBuilder().addDataPoints(point).build()));
    }

    static ExportMetricsServiceRequest export(Map<String, String> resource, Summary summary) {
        Resource.Builder attributes = Resource.newBuilder();
        resource.forEach((key, value) -> attributes.addAttributes(attribute(key, value)));
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(attributes)
                        .addScopeMetrics(ScopeMetrics.newBuilder()
                                .setScope(InstrumentationScope.getDefaultInstance())
                                .addMetrics(Metric.newBuilder()
                                        .setName("amazonaws.com/AWS/EC2/CPUUtilization")
                                        .setUnit("{Percent}")
                                        .setSummary(summary))))
                .build();
    }

    /// An export behind its length.
    static byte[] delimited(ExportMetricsServiceRequest export) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            export.writeDelimitedTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Stream.of(parts).forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /// The body of a request of Firehose.
    static byte[] request(String id, byte[]... records) {
        String data = Stream.of(records)
                .map(record -> "{\"data\":\"" + Base64.getEncoder().encodeToString(record) + "\"}")
                .collect(Collectors.joining(","));
        return ("{\"requestId\":\"" + id + "\",\"timestamp\":1578090901599,\"records\":[" + data + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
