package dev.telltale.autoencoder.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.Finite;
import dev.telltale.autoencoder.InitialWeights;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.NetworkPass;
import dev.telltale.autoencoder.ParameterShape;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.signal.Windows;
import dev.telltale.torch.NativeScope;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/// One training from first weights to last. The engine runs the network forwards and backwards; loss,
/// shuffling and updates are plain Java over the same memory, which keeps native calls per batch few.
final class Training {

    private final Engine engine;
    private final List<LayerDescription> layers;
    private final TrainingSettings settings;
    private final SplittableRandom random;
    private final TrainingSet set;
    private final MemoryGuard memory;
    private final Network network;
    private final List<TrainedParameter> parameters = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private int step;

    Training(
            Engine engine,
            NativeScope scope,
            List<LayerDescription> layers,
            TrainingSet set,
            TrainingSettings settings,
            MemoryGuard memory) {
        this.engine = engine;
        this.layers = layers;
        this.settings = settings;
        this.set = set;
        this.memory = memory;
        this.random = new SplittableRandom(settings.seed());
        this.network = new Network(scope, layers, InitialWeights.of(layers, random.split()));
        for (int rows : batchSizes()) {
            batches.add(new Batch(scope, set, rows));
        }
        makeGradients();
        JniUtils.setSeed(settings.seed()); // of dropout, the engine's own chance
        List<ParameterShape> shapes = layers.stream()
                .flatMap(layer -> layer.parameterShapes().stream())
                .toList();
        for (int i = 0; i < shapes.size(); i++) {
            parameters.add(
                    new TrainedParameter(shapes.get(i), network.parameters().get(i), settings));
        }
    }

    /// A size for the full batches, and one for the last where it is smaller.
    private List<Integer> batchSizes() {
        int full = Math.min(settings.batchSize(), set.size());
        int last = set.size() % full;
        return last == 0 ? List.of(full) : List.of(full, last);
    }

    /// One backward pass of zeros, after which every parameter has its gradient.
    private void makeGradients() {
        network.parameters().forEach(tensor -> tensor.array().setRequiresGradient(true));
        Batch batch = batches.getFirst();
        try (GradientCollector _ = engine.newGradientCollector();
                NDArray rebuilt = network.forward(batch.windows())) {
            backward(rebuilt, batch);
        }
    }

    TrainedAutoencoder run(Windows validation, Windows test, TrainingListener listener) {
        List<EpochLosses> history = new ArrayList<>();
        BestEpoch best = new BestEpoch(settings.earlyStopping().filter(_ -> validation.count() > 0));
        for (int epoch = 1; epoch <= settings.epochs() && !best.patienceLost(); epoch++) {
            double trainLoss = trainEpoch(epoch, listener);
            Reconstructor now = snapshot();
            EpochLosses losses =
                    new EpochLosses(epoch, trainLoss, lossOf(now, validation, epoch), lossOf(now, test, epoch));
            history.add(losses);
            if (best.see(epoch, losses.validationLoss())) {
                parameters.forEach(TrainedParameter::keep);
            }
            listener.epochTrained(now);
            listener.epochDone(losses);
        }
        return new TrainedAutoencoder(keptWeights(), history, best.epoch());
    }

    /// The mean of the batch losses, those of windows to push away from left out.
    private double trainEpoch(int epoch, TrainingListener listener) {
        set.shuffle(random);
        double sum = 0;
        int count = 0;
        try (GradientCollector _ = engine.newGradientCollector()) {
            for (int from = 0; from < set.size(); from += settings.batchSize()) {
                if (listener.cancelled()) {
                    throw new TrainingCancelled();
                }
                Batch batch = from + settings.batchSize() <= set.size() ? batches.getFirst() : batches.getLast();
                batch.fill(from);
                OptionalDouble loss = trainBatch(batch);
                if (loss.isPresent()) {
                    sum += finite(loss.getAsDouble(), epoch);
                    count++;
                }
            }
        }
        return sum / count;
    }

    private OptionalDouble trainBatch(Batch batch) {
        OptionalDouble loss;
        try (NDArray rebuilt = network.forward(batch.windows())) {
            memory.check(); // while the engine holds the activations
            loss = batch.loss(rebuilt);
            backward(rebuilt, batch);
        }
        step++;
        for (TrainedParameter parameter : parameters) {
            parameter.update(step);
        }
        return loss;
    }

    /// Adds to the gradient of every parameter. DJL's public interface can only begin with ones.
    private static void backward(NDArray rebuilt, Batch batch) {
        JniUtils.backward((PtNDArray) rebuilt, (PtNDArray) batch.gradient(), false, false);
    }

    /// By the pass that scores, so that both see the same errors.
    private OptionalDouble lossOf(Reconstructor now, Windows part, int epoch) {
        if (part.count() == 0) {
            return OptionalDouble.empty();
        }
        float[] rebuilt = now.reconstruct(part).values();
        double sum = 0;
        for (int i = 0; i < rebuilt.length; i++) {
            double difference = (double) rebuilt[i] - part.values()[i];
            sum += difference * difference;
        }
        return OptionalDouble.of(finite(sum / rebuilt.length, epoch));
    }

    private Snapshot snapshot() {
        return new Snapshot(NetworkPass.of(
                layers, parameters.stream().map(TrainedParameter::now).toList()));
    }

    /// The network as it was at one moment, without dropout, on the calling thread.
    private record Snapshot(NetworkPass pass) implements Reconstructor {

        @Override
        public Windows reconstruct(Windows windows) {
            return new Windows(pass.reconstruct(windows.values()), windows.length(), windows.channels());
        }

        @Override
        public void close() {}
    }

    private double finite(double loss, int epoch) {
        if (!Double.isFinite(loss)) {
            throw AutoencoderProblem.DIVERGED.because(
                    "the loss was no longer a finite number in epoch %d;"
                            + " a learningRate below %s or scaled values would help",
                    epoch, settings.learningRate());
        }
        return loss;
    }

    private Weights keptWeights() {
        List<Parameter> kept = parameters.stream().map(TrainedParameter::kept).toList();
        if (!kept.stream().allMatch(parameter -> Finite.all(parameter.values()))) {
            throw AutoencoderProblem.DIVERGED.because(
                    "a weight is no longer a finite number; a learningRate below %s or scaled values would help",
                    settings.learningRate());
        }
        return new Weights(kept);
    }
}
