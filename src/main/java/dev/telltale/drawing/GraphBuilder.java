package dev.telltale.drawing;

import dev.telltale.drawing.Graph.Edge;
import dev.telltale.drawing.Graph.Kind;
import dev.telltale.drawing.Graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Makes a graph node by node, each after those that it takes from.
public final class GraphBuilder {

    private final List<Node> nodes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();

    /// Adds a node.
    ///
    /// @param shape of what it gives, in numbers or symbols, may be empty
    /// @param takes the nodes it takes from, in order
    public Node add(Kind kind, String name, List<?> shape, Node... takes) {
        Node node = new Node(nodes.size(), kind, name, written(shape));
        nodes.add(node);
        for (Node from : takes) {
            edges.add(new Edge(from.id(), node.id()));
        }
        return node;
    }

    private static String written(List<?> shape) {
        return shape.stream().map(Object::toString).collect(Collectors.joining(" × "));
    }

    public Graph build(String title) {
        return new Graph(title, nodes, edges);
    }
}
