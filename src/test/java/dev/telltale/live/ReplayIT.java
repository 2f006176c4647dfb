package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.series.SeriesKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// A series that is sent sample by sample over remote write gets the scores that its stored range gets at once, also
/// where the process is killed between the commit of a sample and its score.
class ReplayIT {

    private static final SeriesKey REPLAYED = LiveClient.key("ec2_cpu", "instance", "24ae8d");
    /// Of the benchmark's 4,032; `-Dreplay.rows=4032` sends all.
    private static final int ROWS = Integer.getInteger("replay.rows", 1_200);

    private static final String FILE = "nab/data/realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv";

    @TempDir
    Path directory;

    private record Row(long time, double value) {}

    @Test
    void scoresASeededSeriesLikeItsStoredRangeThroughKills() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        long start = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 900; i++) {
            double value = 0.13 + 0.01 * Math.sin(i / 20.0) + random.nextDouble(0.004) + (i % 300 == 299 ? 1 : 0);
            csv.append(Instant.ofEpochMilli(start + i * 300_000L))
                    .append(',')
                    .append(value)
                    .append('\n');
        }
        replay(
                csv.toString(),
                List.of(csv.toString().split("\n")).stream()
                        .skip(1)
                        .map(line -> line.split(","))
                        .map(cells -> new Row(Instant.parse(cells[0]).toEpochMilli(), Double.parseDouble(cells[1])))
                        .toList(),
                3);
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "TELLTALE_CORPORA",
            matches = ".+",
            disabledReason = "TELLTALE_CORPORA does not name a directory of corpora that holds nab")
    void scoresTheBenchmarksCpuLikeItsStoredRangeThroughKills() throws IOException {
        String csv = Files.readString(Path.of(System.getenv("TELLTALE_CORPORA")).resolve(FILE))
                .lines()
                .limit(1 + ROWS)
                .collect(Collectors.joining("\n"));
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
        replay(
                csv,
                csv.lines()
                        .skip(1)
                        .map(line -> line.split(","))
                        .map(cells -> new Row(
                                LocalDateTime.parse(cells[0], format)
                                        .toInstant(ZoneOffset.UTC)
                                        .toEpochMilli(),
                                Double.parseDouble(cells[1])))
                        .toList(),
                1);
    }

    private void replay(String csv, List<Row> rows, int kills) throws IOException {
        int sent = 0;
        for (int life = 0; life <= kills; life++) {
            try (ServiceProcess service = new ServiceProcess(directory, "--telltale.ingest.oldest=36500d")) {
                LiveClient client = service.client();
                if (life == 0) {
                    prepare(client, csv);
                }
                int until = rows.size() * (life + 1) / (kills + 1);
                for (; sent < until; sent++) {
                    client.remoteWrite(
                            REPLAYED, rows.get(sent).time(), rows.get(sent).value());
                }
                if (life < kills) {
                    service.kill(); // the last samples are on disk; whether they have scores is chance
                } else {
                    client.awaitScored("d", rows.getLast().time());
                    assertScoredLikeTheBatch(client);
                }
            }
        }
    }

    private static void prepare(LiveClient client, String csv) {
        client.json("POST", "/api/v1/series/history/samples", csv, 200);
        client.train("{\"name\":\"m\",\"series\":[\"history\"],\"training\":{\"epochs\":5}}");
        client.watch("d", "{\"model\":\"m\",\"select\":\"ec2_cpu\",\"scaling\":\"model\"}");
    }

    private static void assertScoredLikeTheBatch(LiveClient client) {
        Map<Instant, Double> live = client.scores("d", "ec2_cpu");
        Map<Instant, Double> batch = client.batchScores("m", "ec2_cpu");
        assertThat(batch).hasSizeGreaterThan(800);
        assertThat(live.keySet()).isEqualTo(batch.keySet());
        batch.forEach(
                (time, score) -> assertThat(live.get(time)).as("at %s", time).isCloseTo(score, within(1e-6)));
    }
}
