package dev.telltale.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RatesTest {

    private static final long SECOND = 1_000_000_000;
    private static final StreamId STREAM = new StreamId(1, 2);
    private static final Rates.Told NOTHING = new Rates.Told.Nothing();

    private final Rates rates = new Rates(1 << 20);

    @Test
    void theFirstPointTellsNothingAndTheNextTheRateSinceThen() {
        assertThat(tell(0, 10, 100)).isEqualTo(NOTHING);
        assertThat(tell(0, 20, 160)).isEqualTo(rate(6));
    }

    @Test
    void countingBeginsAnewWithAnotherStartOrALowerValue() {
        tell(1, 10, 100);
        assertThat(tell(15, 20, 160)).isEqualTo(NOTHING);
        assertThat(tell(15, 30, 170)).isEqualTo(rate(1));
        assertThat(tell(15, 40, 5)).isEqualTo(NOTHING);
        assertThat(tell(15, 50, 25)).isEqualTo(rate(2));
    }

    @Test
    void aPointThatComesAgainTellsTheSameAgain() {
        tell(0, 10, 100);
        tell(0, 20, 160);
        tell(0, 30, 260);
        assertThat(tell(0, 10, 100)).isEqualTo(NOTHING);
        assertThat(tell(0, 20, 160)).isEqualTo(rate(6));
        assertThat(tell(0, 30, 260)).isEqualTo(rate(10));
    }

    @Test
    void aLatePointIsHeldBesideTheOneBeforeItAndTheNextStaysAsItWasTold() {
        tell(0, 10, 100);
        assertThat(tell(0, 30, 260)).isEqualTo(rate(8));
        assertThat(tell(0, 20, 160)).isEqualTo(rate(6));
        assertThat(tell(0, 30, 260)).isEqualTo(rate(8));
        assertThat(tell(0, 40, 360)).isEqualTo(rate(10));
    }

    @Test
    void anotherValueForTheSameTimeContradicts() {
        tell(0, 10, 100);
        assertThat(tell(0, 10, 101)).isEqualTo(new Rates.Told.Contradiction());
        assertThat(tell(0, 20, 160)).isEqualTo(rate(6));
    }

    @Test
    void twoSendersOfOneStreamAreToldApartByTheirStarts() {
        tell(1, 10, 100);
        tell(2, 11, 7);
        assertThat(tell(1, 20, 160)).isEqualTo(rate(6));
        assertThat(tell(2, 21, 17)).isEqualTo(rate(1));
    }

    @Test
    void aRequestThatWasNotStoredTellsTheSameWhenItIsSentAgain() {
        tell(0, 10, 100);
        for (int attempt = 0; attempt < 3; attempt++) {
            Rates.Pass failed = rates.pass();
            for (int i = 2; i < 12; i++) {
                assertThat(failed.tell(STREAM, point(0, i * 10, 100 + 60 * (i - 1))))
                        .isEqualTo(rate(6));
            }
        }
    }

    @Test
    void twoRequestsAtOnceWithTheSamePointRememberItOnce() {
        tell(0, 10, 100);
        Rates.Pass one = rates.pass();
        Rates.Pass other = rates.pass();
        assertThat(one.tell(STREAM, point(0, 20, 160))).isEqualTo(rate(6));
        assertThat(other.tell(STREAM, point(0, 20, 160))).isEqualTo(rate(6));
        one.keep();
        other.keep();
        tell(0, 30, 170);
        tell(0, 40, 180);
        assertThat(tell(0, 10, 100)).as("still one of the last four").isEqualTo(NOTHING);
        assertThat(tell(0, 15, 130)).isEqualTo(rate(6));
    }

    @Test
    void theStreamsThatWereSilentLongestAreForgottenWhenMemoryEnds() {
        Rates small = new Rates(10_000);
        for (int i = 0; i < 1_000; i++) {
            Rates.Pass pass = small.pass();
            pass.tell(new StreamId(0, i), point(0, 10, 1));
            pass.tell(new StreamId(0, 0), point(0, 10 + i, 1 + i)); // this one goes on
            pass.keep();
        }
        assertThat(small.streams()).isBetween(10, 50);
        Rates.Pass pass = small.pass();
        assertThat(pass.tell(new StreamId(0, 0), point(0, 1_010, 1_001))).isEqualTo(rate(1));
        assertThat(pass.tell(new StreamId(0, 1), point(0, 20, 2))).isEqualTo(NOTHING);
    }

    private Rates.Told tell(int start, int time, double value) {
        Rates.Pass pass = rates.pass();
        Rates.Told told = pass.tell(STREAM, point(start, time, value));
        pass.keep();
        return told;
    }

    private static CountedSum point(int start, int time, double value) {
        return new CountedSum(start * SECOND, time * SECOND, value);
    }

    private static Rates.Told rate(double perSecond) {
        return new Rates.Told.Rate(Readings.ofSum(perSecond));
    }
}
