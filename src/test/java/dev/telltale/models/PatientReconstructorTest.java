package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import dev.telltale.torch.TorchProblem;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PatientReconstructorTest {

    private static final Windows WINDOWS = new Windows(new float[] {1, 2}, 2, 1);

    /// Fails with these problems, one a call, and answers from then on.
    private static final class Refusing implements Reconstructor {

        private final Queue<Problem> problems;

        Refusing(Problem... problems) {
            this.problems = new ArrayDeque<>(List.of(problems));
        }

        @Override
        public Windows reconstruct(Windows windows) {
            if (!problems.isEmpty()) {
                throw problems.remove();
            }
            return windows;
        }

        @Override
        public void close() {}
    }

    @Test
    void waitsWhileTheQueueIsFull() {
        Refusing network = new Refusing(full(), full(), full());
        try (Reconstructor patient = PatientReconstructor.of(network)) {
            assertThat(patient.reconstruct(WINDOWS)).isSameAs(WINDOWS);
        }
    }

    @Test
    void passesOnEveryOtherProblem() {
        Problem shape = AutoencoderProblem.SHAPE_MISMATCH.because("other windows");
        try (Reconstructor patient = PatientReconstructor.of(new Refusing(full(), shape))) {
            assertThatThrownBy(() -> patient.reconstruct(WINDOWS)).isSameAs(shape);
        }
    }

    @Test
    void waitsNoLongerWhenInterrupted() {
        Problem full = full();
        try (Reconstructor patient = PatientReconstructor.of(new Refusing(full))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> patient.reconstruct(WINDOWS)).isSameAs(full);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void refusesWorkThatHasNotBegunAndWaitsOnceItHas() {
        Problem full = full();
        try (Reconstructor patient = PatientReconstructor.onceBegun(new Refusing(full))) {
            assertThatThrownBy(() -> patient.reconstruct(WINDOWS)).isSameAs(full);
        }
        Refusing network = new Refusing();
        try (Reconstructor patient = PatientReconstructor.onceBegun(network)) {
            patient.reconstruct(WINDOWS);
            network.problems.add(full());
            assertThat(patient.reconstruct(WINDOWS)).isSameAs(WINDOWS);
        }
    }

    private static Problem full() {
        return TorchProblem.ENGINE_OVERLOADED.because("64 calls wait already");
    }
}
