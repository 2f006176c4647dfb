package dev.telltale.autoencoder.torch;

import ai.djl.engine.EngineException;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.Contrast;
import dev.telltale.autoencoder.Finite;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingMemory;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.signal.Windows;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.TorchEngine;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// Trains on the calling thread. DJL's gradients and PyTorch's seed are one per process, so a second
/// training at the same time would spoil the first: it is refused.
public final class TorchAutoencoderTrainer implements AutoencoderTrainer {

    private static final Semaphore ONE_PER_PROCESS = new Semaphore(1);

    private final TorchEngine engine;
    private final long othersBytes;

    /// @param othersBytes of native memory that is held elsewhere while a training runs, at most
    public TorchAutoencoderTrainer(TorchEngine engine, long othersBytes) {
        this.engine = engine;
        this.othersBytes = othersBytes;
    }

    @Override
    public TrainedAutoencoder train(
            Architecture architecture,
            Windows train,
            Contrast contrast,
            Windows validation,
            Windows test,
            TrainingSettings settings,
            TrainingListener listener) {
        List<LayerDescription> layers = architecture.layers(train.length(), train.channels());
        check(train, contrast.windows(), validation, test);
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a training needs a platform thread: the engine's settings are per thread");
        }
        long windows = (long) train.count() + contrast.windows().count() + validation.count() + test.count();
        MemoryGuard memory = MemoryGuard.of(
                TrainingMemory.estimate(architecture, train.length(), train.channels(), windows, settings),
                othersBytes);
        if (!ONE_PER_PROCESS.tryAcquire()) {
            throw new IllegalStateException("another training runs in this process");
        }
        try {
            engine.prepareThread();
            try (NativeScope scope = engine.newScope()) {
                return new Training(engine.loaded(), scope, layers, new TrainingSet(train, contrast), settings, memory)
                        .run(validation, test, listener);
            }
        } catch (EngineException e) {
            throw MemoryGuard.isOutOfMemory(e) ? memory.outOfMemory() : e;
        } catch (OutOfMemoryError e) { // of the heap, or of what is shared with the engine: all of it is free again
            throw memory.outOfMemory();
        } finally {
            ONE_PER_PROCESS.release();
        }
    }

    private static void check(Windows train, Windows... others) {
        if (train.count() == 0) {
            throw AutoencoderProblem.SHAPE_MISMATCH.because("there are no windows to train on");
        }
        for (Windows part :
                Stream.concat(Stream.of(train), Arrays.stream(others)).toList()) {
            if (part.length() != train.length() || part.channels() != train.channels()) {
                throw AutoencoderProblem.SHAPE_MISMATCH.because(
                        "windows of %d rows and %d channels cannot be measured by a network for %d rows and %d channels",
                        part.length(), part.channels(), train.length(), train.channels());
            }
            if (!Finite.all(part.values())) {
                throw new IllegalArgumentException("a window has a value that is not finite");
            }
        }
    }
}
