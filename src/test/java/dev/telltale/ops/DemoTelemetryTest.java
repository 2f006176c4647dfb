package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.Samples;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DemoTelemetryTest {

    private static final int TWO_WEEKS = 14 * 24 * 12;

    static Stream<DemoSeries> both() {
        return Stream.of(DemoTelemetry.diskWrites(1), DemoTelemetry.cpu(1));
    }

    @ParameterizedTest
    @MethodSource("both")
    void itIsTwoWeeksOfASampleEachFiveMinutes(DemoSeries series) {
        Samples samples = series.samples();
        assertThat(samples.count()).isEqualTo(TWO_WEEKS);
        for (int i = 1; i < samples.count(); i++) {
            assertThat(samples.time(i) - samples.time(i - 1)).isEqualTo(300_000);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void fourIncidentsLieInItAndDoNotTouch(DemoSeries series) {
        assertThat(series.incidents()).hasSize(4);
        long before = series.samples().time(0);
        for (DemoSeries.Incident incident : series.incidents()) {
            assertThat(incident.start()).isGreaterThan(before + 300_000);
            assertThat(incident.end()).isGreaterThan(incident.start());
            before = incident.end();
        }
        assertThat(before).isLessThan(series.samples().time(TWO_WEEKS - 1));
    }

    @Test
    void theSameSeedMakesTheSameSamplesAndAnotherOneOthers() {
        assertThat(DemoTelemetry.diskWrites(7)).isEqualTo(DemoTelemetry.diskWrites(7));
        assertThat(DemoTelemetry.cpu(7).samples())
                .isNotEqualTo(DemoTelemetry.cpu(8).samples());
    }

    @Test
    void theDiskIsIdleMostOfTheTime() {
        double[] sorted = DemoTelemetry.diskWrites(1).samples().values().clone();
        Arrays.sort(sorted);
        assertThat(sorted[0]).isPositive();
        assertThat(sorted[TWO_WEEKS / 2]).isBetween(1.8e6, 2.2e6);
        assertThat(sorted[TWO_WEEKS - 1]).isGreaterThan(1.5e8);
    }

    @Test
    void theCpuIsBusierOnWorkingDaysThanAtTheWeekend() {
        Samples cpu = DemoTelemetry.cpu(1).samples();
        assertThat(Arrays.stream(cpu.values())).allMatch(value -> value >= 0 && value <= 100);
        assertThat(meanOfDay(cpu, 1)).isGreaterThan(meanOfDay(cpu, 5) + 10);
    }

    private static double meanOfDay(Samples samples, int day) {
        return Arrays.stream(samples.values(), day * 288, (day + 1) * 288)
                .average()
                .orElseThrow();
    }
}
