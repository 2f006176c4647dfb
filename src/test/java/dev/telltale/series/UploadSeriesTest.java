package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadSeriesTest {

    private final UploadSeries series = new UploadSeries("ec2_", Labels.of(Map.of("region", "eu", "zone", "a")), 4_000);

    @Test
    void numbersSeriesInTheOrderInWhichTheyAreNamed() {
        assertThat(named("cpu")).isZero();
        assertThat(named("mem")).isEqualTo(1);
        assertThat(named("cpu")).isZero();
        assertThat(named("cpu{host=\"a\"}")).isEqualTo(2);
        assertThat(named("cpu{ host='a', }")).isEqualTo(2);

        assertThat(series.keys())
                .extracting(SeriesKey::toString)
                .containsExactly(
                        "ec2_cpu{region=\"eu\",zone=\"a\"}",
                        "ec2_mem{region=\"eu\",zone=\"a\"}",
                        "ec2_cpu{host=\"a\",region=\"eu\",zone=\"a\"}");
    }

    @Test
    void aSeriesOwnLabelCountsBeforeThatOfAll() {
        named("cpu{zone=\"b\"}");

        assertThat(series.keys().getFirst().labels().values()).containsEntry("zone", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "{host=\"a\"}",
                "cpu{host!=\"a\"}",
                "cpu{host=~\"a\"}",
                "cpu{host=\"a\"",
                "cpu{host=\"a\",host=\"b\"}"
            })
    void refusesWhatNamesNoSeries(String text) {
        assertThatThrownBy(() -> new UploadSeries("", Labels.NONE, 1).named(text.toCharArray(), 0, text.length()))
                .hasFieldOrPropertyWithValue("type", SeriesProblem.BAD_SERIES_NAME);
    }

    @Test
    void refusesNamesThatFillTheHeap() {
        String label = "x".repeat(4_000);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        named("cpu{a=\"" + label + i + "\"}");
                    }
                })
                .hasMessageContaining("send the upload in parts");
    }

    @Test
    void keepsNothingOfBadNamesAndOtherSpellings() {
        String label = "x".repeat(3_000);

        for (int i = 0; i < 3_000; i++) {
            assertThatThrownBy(() -> named("no name " + label))
                    .matches(refused -> UploadSeries.isBadName((Problem) refused));
            assertThat(named("cpu{" + " ".repeat(i % 50) + "a=\"" + label + "\"" + " ".repeat(i / 50) + "}"))
                    .isZero();
        }
    }

    @Test
    void refusesMoreSeriesThanMayExist() {
        UploadSeries few = new UploadSeries("", Labels.NONE, 2);
        few.column("a");
        few.column("b");
        few.column("a");

        assertThatThrownBy(() -> few.column("c")).hasFieldOrPropertyWithValue("type", SeriesProblem.SERIES_LIMIT);
    }

    private int named(String text) {
        return series.named(text.toCharArray(), 0, text.length());
    }
}
