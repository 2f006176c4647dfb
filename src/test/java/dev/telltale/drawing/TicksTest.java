package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {

    @Test
    void marksMultiplesOfRoundSteps() {
        assertThat(labels(Ticks.multiples(-0.01, 1.02, 6, 0))).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(labels(Ticks.multiples(0.5, 3.5, 9, 1))).containsExactly("1", "2", "3");
        assertThat(labels(Ticks.multiples(0, 4.1e8, 5, 0))).containsExactly("0", "1e8", "2e8", "3e8", "4e8");
    }

    @Test
    void marksPowersOfTen() {
        assertThat(labels(Ticks.powers(9e-6, 0.2, 10))).containsExactly("1e-5", "1e-4", "0.001", "0.01", "0.1");
        assertThat(labels(Ticks.powers(0.9, 30, 10))).containsExactly("1", "2", "5", "10", "20");
        assertThat(Ticks.powers(1e-300, 1e300, 8)).hasSizeLessThanOrEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "12.3456,12.3", "-0.00123,-0.00123", "5e-7,5e-7", "123456789,1.23e8", "999999,1000000"})
    void writesNumbersBriefly(double value, String written) {
        assertThat(Ticks.brief(value)).isEqualTo(written);
    }

    @Test
    void endsWhereDoublesCannotTellTicksApart() {
        double next = Math.nextUp(1e15);
        assertThat(Ticks.multiples(1e15, next, 8, 0)).hasSizeLessThanOrEqualTo(10);
        assertThat(Ticks.multiples(-Double.MAX_VALUE, Double.MAX_VALUE, 8, 0)).hasSizeLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "2014-03-10T01:29:00Z, 2014-03-10T05:10:00Z, 03-10 02:00, 8",
        "2014-03-10T01:29:00Z, 2014-03-24T05:10:00Z, 2014-03-11, 7",
        "2014-03-10T01:29:00Z, 2015-03-24T05:10:00Z, 2014-04, 4",
        "2001-03-10T01:29:00Z, 2099-03-24T05:10:00Z, 2020, 4",
        "2014-03-10T01:29:00Z, 2014-03-10T01:29:03Z, 01:29:00, 4"
    })
    void marksRoundTimes(Instant first, Instant last, String label, int count) {
        List<String> labels = labels(TimeTicks.between((double) first.toEpochMilli(), (double) last.toEpochMilli(), 9));
        assertThat(labels).contains(label).hasSize(count);
    }

    private static List<String> labels(List<Tick> ticks) {
        return ticks.stream().map(Tick::label).toList();
    }
}
