package dev.telltale.attention;

import dev.telltale.drawing.Graph;
import dev.telltale.drawing.Graph.Kind;
import dev.telltale.drawing.Graph.Node;
import dev.telltale.drawing.GraphBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The steps of the self-attention transform as a graph, shapes in symbols.
final class TransformGraph {

    private final GraphBuilder builder = new GraphBuilder();
    private final Map<String, Node> results = new HashMap<>();
    private final Map<String, List<String>> shapes = new HashMap<>();

    private TransformGraph() {}

    static Graph draw() {
        TransformGraph graph = new TransformGraph();
        Node rows = graph.builder.add(Kind.INPUT, Step.ROWS, Step.SHAPE_OF_ROWS);
        graph.put(Step.ROWS, Step.SHAPE_OF_ROWS, rows);
        Step.ALL.forEach(graph::add);
        return graph.builder.build("Self-attention");
    }

    private void add(Step step) {
        List<Node> takes = new ArrayList<>();
        step.inputs().forEach(input -> takes.add(Objects.requireNonNull(results.get(input))));
        if (step.operation() instanceof Operation.Project project) {
            String inputs =
                    Objects.requireNonNull(shapes.get(step.inputs().getFirst())).getLast();
            String outputs = step.shape().getLast();
            takes.add(builder.add(Kind.PARAMETER, "w" + project.letter(), List.of(inputs, outputs)));
            takes.add(builder.add(Kind.PARAMETER, "b" + project.letter(), List.of(outputs)));
        }
        Kind kind = step.equals(Step.ALL.getLast()) ? Kind.OUTPUT : Kind.OPERATION;
        String name = step.name() + " = " + formula(step);
        put(step.name(), step.shape(), builder.add(kind, name, step.shape(), takes.toArray(Node[]::new)));
    }

    private static String formula(Step step) {
        String first = step.inputs().getFirst();
        String last = step.inputs().getLast();
        return switch (step.operation()) {
            case Operation.Project project -> first + "·w" + project.letter() + " + b" + project.letter();
            case Operation.Compare() -> first + "·" + last + "ᵀ / √dk in each head";
            case Operation.Mask() -> first + ", −∞ where masked";
            case Operation.Softmax() -> "softmax(" + first + ") of each row";
            case Operation.Mix() -> first + "·" + last + " in each head";
            case Operation.Activate() -> "activation(" + first + ")";
        };
    }

    private void put(String name, List<String> shape, Node node) {
        results.put(name, node);
        shapes.put(name, shape);
    }
}
