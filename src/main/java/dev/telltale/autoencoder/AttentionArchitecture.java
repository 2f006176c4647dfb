package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Add;
import dev.telltale.autoencoder.Layer.Dropout;
import dev.telltale.autoencoder.Layer.Flatten;
import dev.telltale.autoencoder.Layer.Linear;
import dev.telltale.autoencoder.Layer.Norm;
import dev.telltale.autoencoder.Layer.Positions;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.autoencoder.Layer.SelfAttention;
import java.util.ArrayList;
import java.util.List;

/// A window as a sequence of L rows: each becomes a vector that also tells its place, encoder layers let every
/// row look at all others, and a bottleneck over the whole window must hold what a dense decoder makes the
/// window of again. The bottleneck is over the window and not in each row: a row of few channels would pass
/// through any.
///
/// In an encoder layer self-attention and a feed-forward network each take what came, normalised, and add
/// their part to it (pre-norm, which trains without warm-up).
///
/// @param width of a row's vector, divided by the heads, from 1 to 1,024
/// @param heads from 1 to the width
/// @param layers encoder layers, from 1 to 16
/// @param feedForward units between the two linear maps of a feed-forward network, and in the decoder
/// @param bottleneck values that stand for a whole window
/// @param dropout share of the values dropped in training of what an encoder layer adds, in [0, 1)
/// @see <a href="https://arxiv.org/abs/2002.04745">Xiong et al. (2020) on where to normalise</a>
public record AttentionArchitecture(
        int width, int heads, int layers, int feedForward, int bottleneck, double dropout, Encoding positions)
        implements Architecture.SpelledOut {

    public static final AttentionArchitecture DEFAULT =
            new AttentionArchitecture(32, 4, 2, 64, 8, 0.1, Encoding.SINUSOIDAL);

    private static final int WIDEST = 1_024;
    private static final int MOST_LAYERS = 16;

    public AttentionArchitecture {
        requireUpTo(WIDEST, "width", width);
        requireUpTo(width, "heads", heads);
        requireUpTo(MOST_LAYERS, "layers", layers);
        requireUpTo(Linear.MOST_UNITS, "feedForward", feedForward);
        requireUpTo(Linear.MOST_UNITS, "bottleneck", bottleneck);
        if (width % heads != 0) {
            throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                    "the heads share the width evenly, %d cannot share %d", heads, width);
        }
        new Dropout(dropout);
    }

    private static void requireUpTo(int most, String name, int value) {
        if (value < 1 || value > most) {
            throw AutoencoderProblem.BAD_ARCHITECTURE.because("%s must be from 1 to %d, was %d", name, most, value);
        }
    }

    @Override
    public AttentionArchitecture spelledOut(int length, int channels) {
        LayerStack.width(length, channels);
        return this;
    }

    @Override
    public List<LayerDescription> describe(int length, int channels) {
        LayerStack stack = new LayerStack(List.of(length, channels))
                .add("embedding.linear", new Linear(width))
                .add("embedding.positions", new Positions(positions));
        for (int i = 0; i < layers; i++) {
            stack.add("encoder." + i + ".attention", adding(new SelfAttention(heads)));
            stack.add(
                    "encoder." + i + ".feedForward",
                    adding(new Linear(feedForward), new Activation(Function.GELU), new Linear(width)));
        }
        return stack.add("bottleneck", List.of(new Norm(), new Flatten(), new Linear(bottleneck)))
                .add(
                        "decoder",
                        List.of(
                                new Linear(feedForward),
                                new Activation(Function.GELU),
                                new Linear(LayerStack.width(length, channels))))
                .layers();
    }

    @Override
    public AttentionArchitecture withDropout(double rate) {
        return new AttentionArchitecture(width, heads, layers, feedForward, bottleneck, rate, positions);
    }

    /// What these layers make of the normalised input, added to the input.
    private List<Layer> adding(Layer... some) {
        List<Layer> whole = new ArrayList<>();
        whole.add(new Norm());
        whole.addAll(List.of(some));
        whole.add(new Dropout(dropout));
        whole.add(new Add(some.length + 2));
        return whole;
    }
}
