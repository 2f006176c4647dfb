package dev.telltale.models;

import dev.telltale.detection.Bounds;
import dev.telltale.http.Json;
import dev.telltale.http.Times;
import dev.telltale.models.ScoredRow.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;

/// Writes scored rows as they come, so that an answer of any length takes little memory.
interface ScoreWriter extends AutoCloseable {

    void write(ScoredRow row);

    /// Ends the answer.
    @Override
    void close();

    /// `{"model": …, "version": …, "rows": […]}`.
    static ScoreWriter json(Json json, OutputStream out, Manifest manifest) {
        JsonGenerator generator = json.generator(out);
        generator.writeStartObject();
        generator.writeStringProperty("model", manifest.name().value());
        generator.writeNumberProperty("version", manifest.version());
        generator.writeArrayPropertyStart("rows");
        return new ScoreWriter() {

            @Override
            public void write(ScoredRow row) {
                Optional<Verdict> verdict = row.verdict();
                generator.writeStartObject();
                generator.writeStringProperty("timestamp", Times.format(row.time()));
                generator.writeNumberProperty("value", row.value());
                number("expected", expected(verdict));
                number("lower", lower(verdict));
                number("upper", upper(verdict));
                number("error", error(verdict));
                number("score", score(verdict));
                generator.writeBooleanProperty("anomalous", isAnomalous(verdict));
                generator.writeEndObject();
            }

            private void number(String name, OptionalDouble value) {
                if (value.isPresent()) {
                    generator.writeNumberProperty(name, value.getAsDouble());
                } else {
                    generator.writeNullProperty(name);
                }
            }

            @Override
            public void close() {
                generator.writeEndArray();
                generator.writeEndObject();
                generator.close();
            }
        };
    }

    /// A header and one line for each row; what is unknown is an empty cell.
    static ScoreWriter csv(OutputStream out) {
        StringBuilder lines = new StringBuilder("timestamp,value,expected,lower,upper,error,score,anomalous\n");
        return new ScoreWriter() {

            @Override
            public void write(ScoredRow row) {
                Optional<Verdict> verdict = row.verdict();
                lines.append(Times.format(row.time())).append(',').append(row.value());
                cell(expected(verdict));
                cell(lower(verdict));
                cell(upper(verdict));
                cell(error(verdict));
                cell(score(verdict));
                lines.append(',').append(isAnomalous(verdict)).append('\n');
                if (lines.length() > 8_000) {
                    flush();
                }
            }

            private void cell(OptionalDouble value) {
                lines.append(',');
                value.ifPresent(lines::append);
            }

            private void flush() {
                try {
                    out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
                } catch (IOException callerHasGone) {
                    throw new UncheckedIOException(callerHasGone);
                }
                lines.setLength(0);
            }

            @Override
            public void close() {
                flush();
            }
        };
    }

    private static OptionalDouble expected(Optional<Verdict> verdict) {
        return verdict.map(Verdict::expected).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble lower(Optional<Verdict> verdict) {
        return number(verdict.flatMap(Verdict::bounds).map(Bounds::lower));
    }

    private static OptionalDouble upper(Optional<Verdict> verdict) {
        return number(verdict.flatMap(Verdict::bounds).map(Bounds::upper));
    }

    private static OptionalDouble error(Optional<Verdict> verdict) {
        return number(verdict.map(Verdict::error));
    }

    private static OptionalDouble score(Optional<Verdict> verdict) {
        return number(verdict.map(Verdict::score));
    }

    private static boolean isAnomalous(Optional<Verdict> verdict) {
        return verdict.map(Verdict::anomalous).orElse(false);
    }

    private static OptionalDouble number(Optional<Double> value) {
        return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
    }
}
