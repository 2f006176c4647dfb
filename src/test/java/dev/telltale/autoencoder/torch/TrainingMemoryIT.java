package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.torch.TrainingMemoryBenchmark.Case;
import dev.telltale.autoencoder.torch.TrainingMemoryBenchmark.Figures;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A few of the trainings of `bench/memory`, one each where parameters, activations and windows weigh most.
class TrainingMemoryIT {

    @ParameterizedTest
    @CsvSource({
        "MANUFACTURING, 1000, 200, 32",
        "DENSE, 1, 2000, 1024",
        "BASE, 512, 20000, 32",
        "ATTENTION, 128, 500, 64"
    })
    void takesAtMostAThirdMoreThanWasEstimated(Preset preset, int length, int windows, int batch)
            throws IOException, InterruptedException {
        Figures figures = TrainingMemoryBenchmark.inAProcessOfItsOwn(new Case(preset, length, windows, batch));

        assertThat(figures.ratio()).as("%s", figures).isBetween(0.2, 1.3);
    }
}
