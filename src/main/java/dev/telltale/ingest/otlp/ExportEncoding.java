package dev.telltale.ingest.otlp;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.Utf8;
import dev.telltale.ingest.WireCost;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The two encodings of the protocol. A request is answered in its own.
enum ExportEncoding {
    PROTOBUF("application/x-protobuf") {
        @Override
        ExportMetricsServiceRequest read(byte[] body, WorkingMemory.Part memory) {
            try {
                memory.take(WireCost.of(body, ExportMetricsServiceRequest.getDescriptor()));
                return ExportMetricsServiceRequest.parseFrom(body);
            } catch (IOException broken) {
                throw OtlpProblem.MALFORMED_METRICS.because(
                        "the body is not an ExportMetricsServiceRequest in protobuf: %s", Excerpt.of(reason(broken)));
            }
        }

        @Override
        byte[] write(ExportMetricsServiceResponse answer) {
            return answer.toByteArray();
        }

        @Override
        byte[] write(int code, String message) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            try {
                out.writeInt32(STATUS_CODE, code);
                out.writeString(STATUS_MESSAGE, message);
                out.flush();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return bytes.toByteArray();
        }
    },

    JSON("application/json") {
        @Override
        ExportMetricsServiceRequest read(byte[] body, WorkingMemory.Part memory) {
            JsonCost cost = JsonCost.of(body);
            if (cost.depth() > DEEPEST) {
                throw HttpProblem.NESTING_TOO_DEEP.because(
                        "the body is nested %d levels deep, at most %d are read", cost.depth(), DEEPEST);
            }
            memory.take(cost.bytes());
            ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
            try (Reader text = Utf8.reader(new ByteArrayInputStream(body))) {
                JsonFormat.parser().ignoringUnknownFields().merge(text, request);
                return request.build();
            } catch (CharacterCodingException notUtf8) {
                throw HttpProblem.INVALID_ENCODING.because("the body is not UTF-8 throughout; encode it anew");
            } catch (IOException broken) {
                throw OtlpProblem.MALFORMED_METRICS.because(
                        "the body is not an ExportMetricsServiceRequest in JSON: %s", Excerpt.of(reason(broken)));
            }
        }

        @Override
        byte[] write(ExportMetricsServiceResponse answer) {
            try {
                return JsonFormat.printer()
                        .omittingInsignificantWhitespace()
                        .print(answer)
                        .getBytes(StandardCharsets.UTF_8);
            } catch (InvalidProtocolBufferException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        byte[] write(int code, String message) {
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("code", code);
            status.put("message", message);
            return STATUS_AS_JSON.write(status);
        }
    };

    /// Levels of JSON objects and lists; the deepest field of an export without nested attributes is at 12.
    private static final int DEEPEST = 64;

    private static final int STATUS_CODE = 1;
    private static final int STATUS_MESSAGE = 2;
    private static final Json STATUS_AS_JSON = new Json();

    private final String mediaType;

    ExportEncoding(String mediaType) {
        this.mediaType = mediaType;
    }

    /// The encoding that a `Content-Type` names, if it is one of the protocol.
    static Optional<ExportEncoding> of(@Nullable String contentType) {
        String type = Optional.ofNullable(contentType)
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        for (ExportEncoding encoding : values()) {
            if (encoding.mediaType.equals(type)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    String mediaType() {
        return mediaType;
    }

    /// @param memory what decoding takes is taken from it
    /// @throws Problem if the body is no export, or too much
    abstract ExportMetricsServiceRequest read(byte[] body, WorkingMemory.Part memory);

    abstract byte[] write(ExportMetricsServiceResponse answer);

    /// A `google.rpc.Status`.
    abstract byte[] write(int code, String message);

    /// What a parser says, without the class that it may name first.
    private static String reason(IOException broken) {
        return String.valueOf(broken.getMessage()).replaceFirst("^(\\w+\\.)+\\w+: ", "");
    }
}
