package dev.telltale.drawing;

/// Writes a graph in the language of Graphviz. Every text is a quoted string in which nothing but our own line break
/// has a meaning.
///
/// @see <a href="https://graphviz.org/doc/info/lang.html">The DOT language</a>
final class Dot {

    private Dot() {}

    static String write(Graph graph) {
        StringBuilder out = new StringBuilder("digraph {\n")
                .append("  graph [label=\"")
                .append(escaped(graph.title()))
                .append("\", labelloc=t, rankdir=TB, fontname=\"Helvetica\"];\n")
                .append("  node [fontname=\"Helvetica\", fontsize=11, style=\"filled,rounded\", shape=box];\n");
        for (Graph.Node node : graph.nodes()) {
            GraphStyle style = GraphStyle.of(node.kind());
            out.append("  n").append(node.id()).append(" [label=\"").append(escaped(node.name()));
            if (!node.shape().isEmpty()) {
                out.append("\\n").append(escaped(node.shape()));
            }
            out.append("\", fillcolor=\"")
                    .append(style.fill().hex())
                    .append("\", color=\"")
                    .append(style.border().hex())
                    .append("\"];\n");
        }
        for (Graph.Edge edge : graph.edges()) {
            out.append("  n")
                    .append(edge.from())
                    .append(" -> n")
                    .append(edge.to())
                    .append(";\n");
        }
        return out.append("}\n").toString();
    }

    /// A backslash begins an escape in labels, an ampersand an HTML entity.
    private static String escaped(String text) {
        return Lettering.oneLine(text)
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("&", "&amp;");
    }
}
