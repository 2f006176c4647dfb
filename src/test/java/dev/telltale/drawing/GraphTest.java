package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.drawing.Graph.Kind;
import dev.telltale.drawing.Graph.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class GraphTest {

    @Test
    void writesItselfInTheLanguageOfGraphviz() {
        assertThat(small("y = x·W").dot()).isEqualTo("""
                digraph {
                  graph [label="y = x·W", labelloc=t, rankdir=TB, fontname="Helvetica"];
                  node [fontname="Helvetica", fontsize=11, style="filled,rounded", shape=box];
                  n0 [label="x\\n3", fillcolor="#d9edf9", color="#0072b2"];
                  n1 [label="W\\n3 × 2", fillcolor="#fdf1d7", color="#e69f00"];
                  n2 [label="matmul", fillcolor="#f5f7fa", color="#7b8794"];
                  n0 -> n2;
                  n1 -> n2;
                }
                """);
    }

    @Test
    void writesItselfForMermaid() {
        assertThat(small("y = x·W").mermaid()).startsWith("""
                        flowchart TB
                          accTitle: y #61; x#183;W
                          n0("x<br/>3"):::input
                          n1("W<br/>3 × 2"):::parameter
                          n2("matmul"):::operation
                          n0 --> n2
                          n1 --> n2
                          classDef input fill:#d9edf9,stroke:#0072b2
                        """);
    }

    @Test
    void takesAnyTextForTextOnly() {
        Graph graph = small("\"]; a -> b [label=\"\\" + ChartTest.HOSTILE);
        assertThat(graph.dot())
                .contains(
                        "label=\"\\\"]; a -> b [label=\\\"\\\\<script>alert(\\\"1\\\")</script>&amp;amp;]]>' \ufffd\ufffd日本\"");
        assertThat(graph.mermaid())
                .contains("#34;#93;#59; a -#62; b #91;label#61;#34;#92;#60;script#62;")
                .doesNotContain("<script");
        byte[] svg = PictureForm.SVG.write(graph.picture());
        assertThat(DrawnPicture.elements(svg))
                .extracting(Element::getTagName)
                .containsOnly("svg", "title", "rect", "path", "text");
    }

    @Test
    void placesNodesWithoutOverlapAboveThoseThatTakeFromThem() {
        Graph graph = deep(30);
        List<Mark.Box> boxes = graph.picture().marks().stream()
                .filter(Mark.Box.class::isInstance)
                .map(Mark.Box.class::cast)
                .filter(box -> box.height() > 20) // not those of the legend
                .toList();
        assertThat(boxes).hasSameSizeAs(graph.nodes());
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(overlap(boxes.get(i), boxes.get(j))).isFalse();
            }
        }
        for (Graph.Edge edge : graph.edges()) {
            Mark.Box from = boxes.get(edge.from());
            assertThat(from.y() + from.height()).isLessThan(boxes.get(edge.to()).y());
        }
    }

    @Test
    void givesTheSameBytesForTheSameInput() {
        for (PictureForm form : PictureForm.values()) {
            assertThat(form.write(deep(12).picture())).isEqualTo(form.write(deep(12).picture()));
        }
    }

    @Test
    void drawsADeepGraphOnABoundedPng() {
        byte[] png = PictureForm.PNG.write(deep(200).picture());
        assertThat(DrawnPicture.image(png).getWidth() * DrawnPicture.image(png).getHeight())
                .isBetween(3_500_000, 4_000_000);
    }

    @Test
    void refusesEdgesThatEndNowhere() {
        List<Node> nodes = List.of(new Node(0, Kind.INPUT, "x", ""));
        assertThatThrownBy(() -> new Graph("g", nodes, List.of(new Graph.Edge(0, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean overlap(Mark.Box one, Mark.Box other) {
        return one.x() < other.x() + other.width()
                && other.x() < one.x() + one.width()
                && one.y() < other.y() + other.height()
                && other.y() < one.y() + one.height();
    }

    private static Graph small(String title) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.add(Kind.INPUT, "x", List.of(3));
        Node w = builder.add(Kind.PARAMETER, "W", List.of(3, 2));
        builder.add(Kind.OPERATION, "matmul", List.of(), x, w);
        return builder.build(title);
    }

    /// Layers that each take a parameter too, and a loss that takes the input again.
    private static Graph deep(int layers) {
        GraphBuilder builder = new GraphBuilder();
        Node input = builder.add(Kind.INPUT, "window", List.of(32, 1));
        Node last = input;
        for (int i = 0; i < layers; i++) {
            Node weight = builder.add(Kind.PARAMETER, "encoder." + i + ".weight", List.of(32, 32));
            last = builder.add(Kind.OPERATION, "matmul", List.of(32), last, weight);
        }
        builder.add(Kind.LOSS, "mean squared error", List.of(), input, last);
        return builder.build("Deep");
    }
}
