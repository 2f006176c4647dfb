package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import dev.telltale.jobs.JobFilter;
import dev.telltale.jobs.Jobs;
import dev.telltale.models.ModelScoring;
import dev.telltale.models.TrainingQueue;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Intake;
import dev.telltale.series.Labels;
import dev.telltale.series.OnConflict;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Selector;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

    @TempDir
    Path directory;

    @Test
    void ordinaryModelsFindWhatWasPlantedAndLittleElse() {
        try (Service service = new Service(directory)) {
            Demo demo = demo(service);
            String report = demo.run("http://127.0.0.1:8080");

            for (DemoSeries series : List.of(DemoTelemetry.diskWrites(42), DemoTelemetry.cpu(42))) {
                DemoFindings findings = demo.find(series);
                assertThat(findings.found()).as(report).isEqualTo(4);
                assertThat(findings.falseAlarmsPer1000()).as(report).isLessThan(5);
                assertThat(report).contains(series.name(), "found 4 of 4 planted incidents");
            }
            assertThat(demo.run("http://127.0.0.1:8080")).isEqualTo(report);
        }
    }

    @Test
    void finishesWhatAnEarlierStartLeftUndone() {
        DemoSeries first = DemoTelemetry.diskWrites(42);
        try (Service service = new Service(directory)) {
            SeriesStore store = service.bean(SeriesStore.class);
            Series series = store.findOrCreate(new SeriesKey(first.name(), Labels.NONE));
            service.bean(Intake.class).accept(SampleBatch.of(series.id(), first.samples()), OnConflict.REFUSE);

            String report = demo(service).run("http://127.0.0.1:8080");

            assertThat(report).containsIgnoringWhitespaces("found 4 of 4 planted incidents");
            assertThat(service.bean(AnnotationStore.class).of(series.id(), "default"))
                    .hasSize(4);
            assertThat(service.bean(Jobs.class).newest(JobFilter.ALL, Long.MAX_VALUE, 10))
                    .hasSize(2);
        }
    }

    @Test
    void leavesADirectoryAloneThatHoldsOtherSeries() {
        try (Service service = new Service(directory)) {
            SeriesStore store = service.bean(SeriesStore.class);
            store.findOrCreate(new SeriesKey("cpu", Labels.NONE));

            assertThat(demo(service).run("http://127.0.0.1:8080"))
                    .startsWith("The data directory holds series of its own");
            assertThat(store.select(Selector.all(), 0, 10)).hasSize(1);
        }
    }

    private static Demo demo(Service service) {
        return new Demo(
                service.bean(SeriesStore.class),
                service.bean(Intake.class),
                service.bean(AnnotationStore.class),
                service.bean(Jobs.class),
                service.bean(TrainingQueue.class),
                service.bean(ModelScoring.class),
                service.bean(Json.class));
    }
}
