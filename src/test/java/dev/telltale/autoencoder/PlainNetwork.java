package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Weights.Parameter;
import java.util.Iterator;
import java.util.List;

/// The plainest network that can be written: loops over doubles, no dropout. What is computed faster
/// is compared with it.
public final class PlainNetwork {

    private final List<LayerDescription> layers;
    private final Weights weights;

    public PlainNetwork(List<LayerDescription> layers, Weights weights) {
        this.layers = layers;
        this.weights = weights;
    }

    /// What the network makes of one window of L·C values.
    public double[] reconstruct(double[] window) {
        Iterator<Parameter> parameters = weights.of(layers).iterator();
        double[] value = window;
        for (LayerDescription layer : layers) {
            value = switch (layer.layer()) {
                case Layer.Linear _ -> linear(value, layer.outputs(), parameters.next(), parameters.next());
                case Layer.Activation(Function function) -> activate(value, function);
                case Layer.Dropout _ -> value;
            };
        }
        return value;
    }

    /// The mean squared error over windows that lie one after the other.
    public double loss(float[] windows, int width) {
        double sum = 0;
        for (int from = 0; from < windows.length; from += width) {
            double[] window = new double[width];
            for (int i = 0; i < width; i++) {
                window[i] = windows[from + i];
            }
            double[] rebuilt = reconstruct(window);
            for (int i = 0; i < width; i++) {
                sum += (rebuilt[i] - window[i]) * (rebuilt[i] - window[i]);
            }
        }
        return sum / windows.length;
    }

    private static double[] linear(double[] x, int outputs, Parameter weight, Parameter bias) {
        double[] y = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            y[o] = bias.values()[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += x[i] * weight.values()[o * x.length + i];
            }
        }
        return y;
    }

    private static double[] activate(double[] x, Function function) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = switch (function) {
                case RELU -> Math.max(0, x[i]);
                case TANH -> Math.tanh(x[i]);
                case SIGMOID -> 1 / (1 + Math.exp(-x[i]));
                case GELU -> x[i] * normal(x[i]);
                case IDENTITY -> x[i];
            };
        }
        return y;
    }

    /// The normal distribution function by Simpson's rule from 0 to x.
    private static double normal(double x) {
        int pieces = 2_000;
        double h = x / pieces;
        double sum = density(0) + density(x);
        for (int i = 1; i < pieces; i++) {
            sum += density(i * h) * (i % 2 == 0 ? 2 : 4);
        }
        return 0.5 + sum * h / 3;
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
