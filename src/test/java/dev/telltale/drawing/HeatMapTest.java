package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.drawing.HeatMap.Names;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeatMapTest {

    private static final Names COUNTED = new Names("row", List.of());

    @Test
    void showsTitlesNamesAndTheMeaningOfColours() {
        HeatMap map = new HeatMap(
                "Weights",
                new Names("query", List.of("a <b>", "c")),
                new Names("key", List.of("x", "y")),
                new double[][] {{0, 0.25}, {0.5, 1}});
        assertThat(DrawnPicture.texts(PictureForm.SVG.write(map.picture())))
                .containsExactlyInAnyOrder(
                        "Weights", "query", "key", "a <b>", "c", "x", "y", "1", "0.75", "0.5", "0.25", "0");
    }

    @Test
    void drawsHighValuesDarkAndNoNumbersGrey() {
        HeatMap map = new HeatMap("Weights", COUNTED, COUNTED, new double[][] {{0, 1}, {Double.NaN, 0.5}});
        assertThat(DrawnPicture.colours(PictureForm.PNG.write(map.picture())))
                .containsKeys(ColourRamp.at(0), ColourRamp.at(1), ColourRamp.at(0.5), Colour.GRID);
        assertThat(ColourRamp.at(1).isDark()).isTrue();
        assertThat(ColourRamp.at(0).isDark()).isFalse();
    }

    @Test
    void drawsInSvgAndPngTheSameRaster() {
        HeatMap map = new HeatMap("Weights", COUNTED, COUNTED, new double[][] {{0, 1, 1}, {1, 0, 0}, {0, 0, 1}});
        Mark.Cells cells = map.picture().marks().stream()
                .filter(Mark.Cells.class::isInstance)
                .map(Mark.Cells.class::cast)
                .findFirst()
                .orElseThrow();
        BufferedImage image = DrawnPicture.image(PictureForm.PNG.write(map.picture()));
        double scale = (double) image.getWidth() / map.picture().width();
        for (int i = 0; i < 9; i++) {
            int x = (int) (scale * (cells.x() + (i % 3 + 0.5) * cells.width() / 3));
            int y = (int) (scale * (cells.y() + (Math.floorDiv(i, 3) + 0.5) * cells.height() / 3));
            assertThat(image.getRGB(x, y) & 0xffffff)
                    .isEqualTo(cells.colours().get(i).rgb());
        }
        assertThat(DrawnPicture.elements(PictureForm.SVG.write(map.picture())))
                .anyMatch(path -> path.getAttribute("d").equals("M0 0.5h1M1 1.5h2M0 2.5h2"))
                .anyMatch(path -> path.getAttribute("d").equals("M1 0.5h2M0 1.5h1M2 2.5h1"));
    }

    @Test
    void averagesBlocksOfALargeMatrixAndSaysSo() {
        double[][] values = new double[4096][4096];
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values.length; column++) {
                values[row][column] = (row + column) % 2; // each block's mean is 0.5
            }
        }
        HeatMap map = new HeatMap("Weights", COUNTED, COUNTED, values);
        assertThat(map.height()).isEqualTo(228);
        assertThat(map.value(3, 5)).isEqualTo(0.5);
        byte[] svg = PictureForm.SVG.write(map.picture());
        assertThat(DrawnPicture.texts(svg)).contains("each cell is the mean of 18 × 18 values", "0", "144");
        assertThat(svg).hasSizeLessThan(100_000);
    }

    @Test
    void staysSmallWhateverTheValues() {
        double[][] values = new double[240][240];
        for (int row = 0; row < 240; row++) {
            for (int column = 0; column < 240; column++) {
                values[row][column] = (row * 7919 + column * 104_729) % 64;
            }
        }
        HeatMap map = new HeatMap("Weights", COUNTED, COUNTED, values);
        assertThat(PictureForm.SVG.write(map.picture())).hasSizeLessThan(1_000_000);
    }

    @Test
    void writesTextsIntoCells() {
        HeatMap map = new HeatMap("Matrix", COUNTED, COUNTED, new double[][] {{0, 1}}).with(List.of("none", "12"));
        assertThat(DrawnPicture.texts(PictureForm.SVG.write(map.picture()))).contains("none", "12");
    }

    @Test
    void refusesAMatrixWithHoles() {
        assertThatThrownBy(() -> new HeatMap("Weights", COUNTED, COUNTED, new double[][] {{0, 1}, {1}}))
                .isInstanceOf(IllegalArgumentException.class);
        Names one = new Names("row", List.of("a"));
        assertThatThrownBy(() -> new HeatMap("Weights", one, COUNTED, new double[2][2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
