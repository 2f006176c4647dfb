package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.drawing.Axis.Scale;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ProjectionTest {

    @Test
    void goesByPowersOfTenWhereTheLargestValueWouldSqueezeTheOthers() {
        assertThat(wide(0.001, 0.002, 0.003, 5).logarithmic()).isTrue();
        assertThat(wide(0.3, 0.2, 0.1, 0.05).logarithmic()).isFalse();
        assertThat(wide(-1, 0.002, 0.003, 5).logarithmic()).isFalse();
    }

    @Test
    void showsZeroAtTheFootOfALogarithmicAxis() {
        Projection axis = wide(0, 0.001, 0.002, 5);
        assertThat(axis.logarithmic()).isTrue();
        assertThat(axis.share(0)).isZero();
        assertThat(axis.share(Math.sqrt(axis.low() * axis.high()))).isEqualTo(0.5, within(1e-12));
    }

    @Test
    void hasRoomAroundASingleValueAndForNone() {
        assertThat(Projection.of(Scale.LINEAR, DoubleStream.of(7, 7)).share(7)).isEqualTo(0.5);
        assertThat(wide().share(0)).isZero();
        assertThat(Projection.of(Scale.TIME, DoubleStream.of(1e12)).share(1e12)).isEqualTo(0.5);
    }

    private static Projection wide(double... values) {
        return Projection.of(Scale.WIDE, DoubleStream.of(values));
    }
}
