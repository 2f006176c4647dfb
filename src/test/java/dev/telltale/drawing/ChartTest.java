package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ChartTest {

    static final String HOSTILE = "<script>alert(\"1\")</script>&amp;]]>'\n\0\ud800日本";

    private static final Item LINE = new Item.Line(
            "loss", new Points(new double[] {1, 2, 3, 4}, new double[] {4, 2, Double.NaN, 1}), Colour.BLUE);
    private static final Item LEVEL = new Item.Level("line", 1.5, Colour.RED);
    private static final Item DOTS =
            new Item.Dots("anomalous", new Points(new double[] {1}, new double[] {4}), Colour.GREEN);
    private static final Item MOMENT = new Item.Moment("best epoch", 4, Colour.GREY);
    private static final Item SPANS = new Item.Spans("annotated", List.of(new Item.Span(2, 3)), Colour.PALE_RED);

    @Test
    void showsTitleLegendAxesAndMarks() {
        byte[] svg = PictureForm.SVG.write(chart("Loss").picture());
        assertThat(DrawnPicture.texts(svg))
                .contains("Loss", "of a model", "epoch", "squared units", "loss", "line", "anomalous", "best epoch")
                .contains("annotated", "1", "2", "3", "4");
    }

    @Test
    void drawsEachItemInItsColour() {
        Map<Colour, Integer> colours =
                DrawnPicture.colours(PictureForm.PNG.write(chart("Loss").picture()));
        assertThat(colours)
                .containsKeys(Colour.WHITE, Colour.BLUE, Colour.RED, Colour.GREEN, Colour.GREY, Colour.PALE_RED);
        assertThat(colours.get(Colour.BLUE)).isGreaterThan(300);
        assertThat(colours.get(Colour.WHITE)).isGreaterThan(800_000).isLessThan(1_030_000);
    }

    @Test
    void givesTheSameBytesForTheSameInput() {
        for (PictureForm form : PictureForm.values()) {
            assertThat(form.write(chart("Loss").picture()))
                    .isEqualTo(form.write(chart("Loss").picture()));
        }
    }

    @Test
    void takesAnyTextForTextOnly() {
        Chart chart = new Chart(
                HOSTILE,
                HOSTILE,
                new Axis(HOSTILE, Axis.Scale.LINEAR),
                new Axis(HOSTILE, Axis.Scale.LINEAR),
                List.of(new Item.Level(HOSTILE, 1, Colour.RED)));
        byte[] svg = PictureForm.SVG.write(chart.picture());
        assertThat(DrawnPicture.elements(svg))
                .extracting(Element::getTagName)
                .containsOnly("svg", "title", "rect", "path", "text");
        assertThat(DrawnPicture.texts(svg)).contains("<script>alert(\"1\")</script>&amp;]]>' \ufffd\ufffd日本");
        assertThat(PictureForm.PNG.write(chart.picture())).isNotEmpty();
    }

    @Test
    void needsNoStyleSinceBrowsersAreForbiddenToApplyAny() {
        String svg = new String(PictureForm.SVG.write(chart("Loss").picture()), StandardCharsets.UTF_8);
        assertThat(svg).doesNotContain("style", "href", "data:", "url(");
    }

    @Test
    void staysSmallWhateverItShows() {
        Random random = new Random(1);
        double[] y = random.doubles(1_000_000).toArray();
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        Chart chart = new Chart(
                "Much",
                "",
                new Axis("time", Axis.Scale.LINEAR),
                new Axis("value", Axis.Scale.LINEAR),
                List.of(
                        new Item.Line("line", new Points(x, y), Colour.BLUE),
                        new Item.Dots("dots", new Points(x, y), Colour.RED)));
        assertThat(PictureForm.SVG.write(chart.picture())).hasSizeLessThan(100_000);
    }

    @Test
    void drawsWhatCannotBeSeenToo() {
        for (Axis.Scale scale : Axis.Scale.values()) {
            for (double y : new double[] {Double.NaN, 0, 1e300, -1e300, Double.MIN_VALUE}) {
                Points points = new Points(new double[] {0, 1}, new double[] {y, 0});
                Chart chart = new Chart(
                        "Odd",
                        "",
                        new Axis("x", scale),
                        new Axis("y", scale),
                        List.of(new Item.Line("line", points, Colour.BLUE)));
                assertThat(DrawnPicture.elements(PictureForm.SVG.write(chart.picture())))
                        .isNotEmpty();
            }
        }
    }

    private static Chart chart(String title) {
        return new Chart(
                title,
                "of a model",
                new Axis("epoch", Axis.Scale.WHOLE),
                new Axis("squared units", Axis.Scale.WIDE),
                List.of(SPANS, LINE, LEVEL, DOTS, MOMENT));
    }
}
