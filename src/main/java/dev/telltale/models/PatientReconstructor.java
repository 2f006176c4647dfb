package dev.telltale.models;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import dev.telltale.torch.TorchProblem;
import java.time.Duration;

/// A network for work that is half done: where the engine's queue is full it waits for a place rather than
/// give up a training or an answer that has begun.
final class PatientReconstructor implements Reconstructor {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Reconstructor network;
    private boolean begun;

    private PatientReconstructor(Reconstructor network, boolean begun) {
        this.network = network;
        this.begun = begun;
    }

    /// For work that has begun.
    static PatientReconstructor of(Reconstructor network) {
        return new PatientReconstructor(network, true);
    }

    /// For work that begins with the first call that succeeds: until then a full queue is a failure.
    static PatientReconstructor onceBegun(Reconstructor network) {
        return new PatientReconstructor(network, false);
    }

    /// As the network's own, except that a full queue is waited for. An interrupt ends the waiting.
    @Override
    public Windows reconstruct(Windows windows) {
        while (true) {
            try {
                Windows rebuilt = network.reconstruct(windows);
                begun = true;
                return rebuilt;
            } catch (Problem problem) {
                if (!begun || problem.type() != TorchProblem.ENGINE_OVERLOADED || !rested()) {
                    throw problem;
                }
            }
        }
    }

    private static boolean rested() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
