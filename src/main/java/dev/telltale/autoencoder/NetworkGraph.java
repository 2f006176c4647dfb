package dev.telltale.autoencoder;

import dev.telltale.drawing.Graph;
import dev.telltale.drawing.Graph.Kind;
import dev.telltale.drawing.Graph.Node;
import dev.telltale.drawing.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a network computes of one window while it is trained: its layers as operations on its parameters.
public final class NetworkGraph {

    private final GraphBuilder graph = new GraphBuilder();

    /// What entered each layer so far.
    private final List<Node> entered = new ArrayList<>();

    private NetworkGraph() {}

    /// The graph of a network for windows of L rows and C channels.
    ///
    /// @throws dev.telltale.problem.Problem if the architecture cannot take such windows
    public static Graph of(String title, Architecture architecture, int length, int channels) {
        return new NetworkGraph().build(title, architecture.layers(length, channels), List.of(length, channels));
    }

    private Graph build(String title, List<LayerDescription> layers, List<Integer> window) {
        Node input = graph.add(Kind.INPUT, "scaled window", window);
        Node last = reshaped(input, window, layers.getFirst().inputShape());
        for (LayerDescription layer : layers) {
            entered.add(last);
            last = layer(layer, last);
        }
        Node output = graph.add(
                Kind.OUTPUT,
                "reconstruction",
                window,
                reshaped(last, layers.getLast().outputShape(), window));
        graph.add(Kind.LOSS, "mean squared error", List.of(), input, output);
        return graph.build(title);
    }

    private Node reshaped(Node from, List<Integer> shape, List<Integer> wanted) {
        return shape.equals(wanted) ? from : graph.add(Kind.OPERATION, "reshape", wanted, from);
    }

    private Node layer(LayerDescription layer, Node from) {
        List<ParameterShape> parameters = layer.parameterShapes();
        return switch (layer.layer()) {
            case Layer.Linear _ -> linear(parameters, layer.outputShape(), from);
            case Layer.Activation _ -> operation(layer.kind(), layer, from);
            case Layer.Dropout(double rate) ->
                operation(String.format(Locale.ROOT, "dropout of %s while training", rate), layer, from);
            case Layer.Positions _ ->
                parameters.isEmpty()
                        ? operation("add sines and cosines of the row", layer, from)
                        : operation("add", layer, from, parameter(parameters.getFirst()));
            case Layer.Norm _ -> {
                Node normal = operation("normalise each row", layer, from);
                Node scaled = operation("multiply", layer, normal, parameter(parameters.getFirst()));
                yield operation("add", layer, scaled, parameter(parameters.getLast()));
            }
            case Layer.SelfAttention(int heads) -> attention(heads, layer, parameters, from);
            case Layer.Add(int back) -> operation("add", layer, from, entered.get(entered.size() - 1 - back));
            case Layer.Flatten _ -> operation("flatten", layer, from);
        };
    }

    private Node attention(int heads, LayerDescription layer, List<ParameterShape> parameters, Node from) {
        int length = layer.outputShape().getFirst();
        List<Integer> perHead = List.of(heads, length, layer.outputs() / heads);
        List<Integer> weights = List.of(heads, length, length);
        List<Node> split = new ArrayList<>();
        for (int map = 0; map < 3; map++) {
            Node mapped = linear(parameters.subList(2 * map, 2 * map + 2), layer.outputShape(), from);
            String name = Layer.SelfAttention.MAPS.get(map);
            split.add(graph.add(Kind.OPERATION, "split " + name + " by head", perHead, mapped));
        }
        Node scores = graph.add(Kind.OPERATION, "QKᵀ / √dk", weights, split.get(0), split.get(1));
        Node softmax = graph.add(Kind.OPERATION, "softmax of each row", weights, scores);
        Node context = graph.add(Kind.OPERATION, "matmul", perHead, softmax, split.get(2));
        Node joined = operation("join heads", layer, context);
        return linear(parameters.subList(6, 8), layer.outputShape(), joined);
    }

    private Node linear(List<ParameterShape> weightAndBias, List<Integer> shape, Node from) {
        Node product = graph.add(Kind.OPERATION, "matmul", shape, from, parameter(weightAndBias.getFirst()));
        return graph.add(Kind.OPERATION, "add", shape, product, parameter(weightAndBias.getLast()));
    }

    private Node parameter(ParameterShape parameter) {
        return graph.add(Kind.PARAMETER, parameter.name(), parameter.shape());
    }

    private Node operation(String name, LayerDescription layer, Node... takes) {
        return graph.add(Kind.OPERATION, name, layer.outputShape(), takes);
    }
}
