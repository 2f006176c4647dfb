package dev.telltale.autoencoder;

import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.autoencoder.Weights.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
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
        return through(window).get(layers.size());
    }

    /// What enters each layer, and what leaves the last.
    private List<double[]> through(double[] window) {
        Iterator<Parameter> parameters = weights.of(layers).iterator();
        List<double[]> values = new ArrayList<>();
        values.add(window);
        for (int i = 0; i < layers.size(); i++) {
            LayerDescription layer = layers.get(i);
            double[] value = values.get(i);
            int width = layer.inputs();
            values.add(
                    switch (layer.layer()) {
                        case Layer.Linear _ ->
                            linear(value, width, layer.outputs(), parameters.next(), parameters.next());
                        case Layer.Activation(Function function) -> activate(value, function);
                        case Layer.Dropout _, Layer.Flatten _ -> value;
                        case Layer.Positions(Encoding encoding) ->
                            switch (encoding) {
                                case LEARNED ->
                                    sum(value, doubles(parameters.next().values()));
                                case SINUSOIDAL -> sum(value, sinusoids(value.length / width, width));
                            };
                        case Layer.Norm _ -> normalise(value, width, parameters.next(), parameters.next());
                        case Layer.SelfAttention(int heads) -> attend(value, width, heads, parameters);
                        case Layer.Add(int back) -> sum(value, values.get(i - back));
                    });
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static double[] sum(double[] one, double[] other) {
        double[] sum = new double[one.length];
        Arrays.setAll(sum, i -> one[i] + other[i]);
        return sum;
    }

    private static double[] sinusoids(int length, int width) {
        double[] values = new double[length * width];
        for (int row = 0; row < length; row++) {
            for (int i = 0; i < width; i++) {
                double angle = row / Math.pow(10_000, (i - i % 2) / (double) width);
                values[row * width + i] = i % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
            }
        }
        return values;
    }

    private static double[] normalise(double[] x, int width, Parameter weight, Parameter bias) {
        double[] y = new double[x.length];
        for (int from = 0; from < x.length; from += width) {
            double mean = 0;
            for (int i = 0; i < width; i++) {
                mean += x[from + i] / width;
            }
            double variance = 0;
            for (int i = 0; i < width; i++) {
                variance += (x[from + i] - mean) * (x[from + i] - mean) / width;
            }
            for (int i = 0; i < width; i++) {
                y[from + i] = (x[from + i] - mean) / Math.sqrt(variance + 1e-5) * weight.values()[i] + bias.values()[i];
            }
        }
        return y;
    }

    private static double[] attend(double[] x, int width, int heads, Iterator<Parameter> parameters) {
        double[] query = linear(x, width, width, parameters.next(), parameters.next());
        double[] key = linear(x, width, width, parameters.next(), parameters.next());
        double[] value = linear(x, width, width, parameters.next(), parameters.next());
        int length = x.length / width;
        int depth = width / heads;
        double[] context = new double[x.length];
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < length; row++) {
                double[] shares = new double[length];
                double whole = 0;
                for (int other = 0; other < length; other++) {
                    double product = 0;
                    for (int d = head * depth; d < (head + 1) * depth; d++) {
                        product += query[row * width + d] * key[other * width + d];
                    }
                    shares[other] = Math.exp(product / Math.sqrt(depth));
                    whole += shares[other];
                }
                for (int other = 0; other < length; other++) {
                    for (int d = head * depth; d < (head + 1) * depth; d++) {
                        context[row * width + d] += shares[other] / whole * value[other * width + d];
                    }
                }
            }
        }
        return linear(context, width, width, parameters.next(), parameters.next());
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

    private static double[] linear(double[] x, int inputs, int outputs, Parameter weight, Parameter bias) {
        double[] y = new double[x.length / inputs * outputs];
        for (int row = 0; row < x.length / inputs; row++) {
            for (int o = 0; o < outputs; o++) {
                double sum = bias.values()[o];
                for (int i = 0; i < inputs; i++) {
                    sum += x[row * inputs + i] * weight.values()[o * inputs + i];
                }
                y[row * outputs + o] = sum;
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
