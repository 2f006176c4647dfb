package dev.telltale.drawing;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A computation: what flows where.
///
/// @param title of the whole
/// @param edges between nodes that are there
public record Graph(String title, List<Node> nodes, List<Edge> edges) {

    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        Set<Integer> known = nodes.stream().map(Node::id).collect(Collectors.toSet());
        if (known.size() < nodes.size()) {
            throw new IllegalArgumentException("two nodes have one id");
        }
        for (Edge edge : edges) {
            if (!known.contains(edge.from()) || !known.contains(edge.to())) {
                throw new IllegalArgumentException("no node is at an end of " + edge);
            }
        }
    }

    /// What a node is.
    public enum Kind {
        INPUT,
        PARAMETER,
        OPERATION,
        OUTPUT,
        LOSS
    }

    /// Something given, learned, computed or asked for.
    ///
    /// @param id its own among all nodes
    /// @param shape of what it gives, such as `32 × 16`, or empty
    public record Node(int id, Kind kind, String name, String shape) {}

    /// From the node that gives to the node that takes.
    public record Edge(int from, int to) {}

    public Picture picture() {
        return GraphDrawing.draw(this);
    }

    /// In the language of Graphviz.
    public String dot() {
        return Dot.write(this);
    }

    public String mermaid() {
        return Mermaid.write(this);
    }
}
