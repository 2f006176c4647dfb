package dev.telltale.drawing;

import java.util.Locale;

/// Writes a graph as a Mermaid flowchart. In labels every character that could be syntax, markup or Markdown is written
/// as its number.
///
/// @see <a href="https://mermaid.js.org/syntax/flowchart.html">Mermaid flowcharts</a>
final class Mermaid {

    private static final String PLAIN = " .,-×→√";

    private Mermaid() {}

    static String write(Graph graph) {
        StringBuilder out = new StringBuilder("flowchart TB\n")
                .append("  accTitle: ")
                .append(escaped(graph.title()))
                .append('\n');
        for (Graph.Node node : graph.nodes()) {
            out.append("  n").append(node.id()).append("(\"").append(escaped(node.name()));
            if (!node.shape().isEmpty()) {
                out.append("<br/>").append(escaped(node.shape()));
            }
            out.append("\"):::").append(word(node.kind())).append('\n');
        }
        for (Graph.Edge edge : graph.edges()) {
            out.append("  n")
                    .append(edge.from())
                    .append(" --> n")
                    .append(edge.to())
                    .append('\n');
        }
        for (Graph.Kind kind : Graph.Kind.values()) {
            GraphStyle style = GraphStyle.of(kind);
            out.append("  classDef ")
                    .append(word(kind))
                    .append(" fill:")
                    .append(style.fill().hex())
                    .append(",stroke:")
                    .append(style.border().hex())
                    .append('\n');
        }
        return out.toString();
    }

    private static String word(Graph.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        Lettering.oneLine(text).codePoints().forEach(character -> {
            if (Character.isLetterOrDigit(character) || PLAIN.indexOf(character) >= 0) {
                escaped.appendCodePoint(character);
            } else {
                escaped.append('#').append(character).append(';');
            }
        });
        return escaped.toString();
    }
}
