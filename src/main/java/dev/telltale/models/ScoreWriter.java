package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.http.Times;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;

/// Writes scored rows as they come, so that an answer of any length takes little memory. A row of one
/// channel is flat, one of several holds what is said of each channel under its name.
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
        JsonRow rows =
                new JsonRow(generator, manifest.channels(), manifest.sources().size() == 1);
        return new ScoreWriter() {

            @Override
            public void write(ScoredRow row) {
                rows.write(row);
            }

            @Override
            public void close() {
                generator.writeEndArray();
                generator.writeEndObject();
                generator.close();
            }
        };
    }

    /// A JSON object and a line feed for each row.
    static ScoreWriter ndjson(Json json, OutputStream out, Manifest manifest) {
        JsonGenerator generator = json.lines(out);
        JsonRow rows =
                new JsonRow(generator, manifest.channels(), manifest.sources().size() == 1);
        return new ScoreWriter() {

            private boolean any;

            @Override
            public void write(ScoredRow row) {
                rows.write(row);
                any = true;
            }

            @Override
            public void close() {
                if (any) {
                    generator.writeRaw('\n');
                }
                generator.close();
            }
        };
    }

    /// A header and one line for each row; what is unknown is an empty cell. Columns of several channels are
    /// named `a.value`, `a.expected` and so on, and stand behind those of the row.
    static ScoreWriter csv(OutputStream out, Manifest manifest) {
        return new CsvScores(out, manifest.channels(), manifest.sources().size() == 1);
    }

    /// Writes rows as JSON objects.
    ///
    /// @param channels what each is called
    /// @param flat whether the first of them is a single series, whose values stand beside the verdict
    record JsonRow(JsonGenerator generator, List<String> channels, boolean flat) {

        void write(ScoredRow row) {
            generator.writeStartObject();
            generator.writeStringProperty("timestamp", Times.format(row.time()));
            if (flat) {
                writeChannel(row, 0);
            }
            writeVerdict(row);
            if (channels.size() > 1) {
                generator.writeObjectPropertyStart("channels");
                for (int channel = 0; channel < channels.size(); channel++) {
                    generator.writeObjectPropertyStart(channels.get(channel));
                    writeChannel(row, channel);
                    number("contribution", row.contribution(channel));
                    generator.writeEndObject();
                }
                generator.writeEndObject();
            }
            row.explanation().ifPresent(explanation -> generator.writePOJOProperty("explanation", explanation));
            generator.writeEndObject();
        }

        private void writeChannel(ScoredRow row, int channel) {
            number("value", row.known(channel));
            number("expected", row.expected(channel));
            number("lower", row.lower(channel));
            number("upper", row.upper(channel));
        }

        private void writeVerdict(ScoredRow row) {
            number("error", row.error());
            number("score", row.score());
            generator.writeBooleanProperty("anomalous", row.anomalous());
        }

        private void number(String name, OptionalDouble value) {
            if (value.isPresent()) {
                generator.writeNumberProperty(name, value.getAsDouble());
            } else {
                generator.writeNullProperty(name);
            }
        }
    }
}
