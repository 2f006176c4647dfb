package dev.telltale.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.drawing.Graph;
import dev.telltale.drawing.Graph.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransformGraphTest {

    private final Graph graph = TransformGraph.draw();

    @Test
    void showsEachStepWithItsFormulaAndShape() {
        assertThat(graph.nodes().stream()
                        .filter(node -> node.kind() != Kind.PARAMETER)
                        .map(node -> node.name() + ": " + node.shape()))
                .containsExactly(
                        "x: N × D",
                        "q = x·wq + bq: N × dk",
                        "k = x·wk + bk: N × dk",
                        "v = x·wv + bv: N × dv",
                        "scores = q·kᵀ / √dk in each head: heads × N × N",
                        "masked = scores, −∞ where masked: heads × N × N",
                        "weights = softmax(masked) of each row: heads × N × N",
                        "context = weights·v in each head: N × dv",
                        "projected = context·wo + bo: N × O",
                        "z = activation(projected): N × O");
    }

    @Test
    void showsTheParametersWithTheirShapes() {
        assertThat(graph.nodes().stream()
                        .filter(node -> node.kind() == Kind.PARAMETER)
                        .map(node -> node.name() + ": " + node.shape()))
                .containsExactly(
                        "wq: D × dk", "bq: dk", "wk: D × dk", "bk: dk", "wv: D × dv", "bv: dv", "wo: dv × O", "bo: O");
    }

    @Test
    void leadsFromEachNodeToWhatTakesIt() {
        assertThat(taken("scores = q·kᵀ / √dk in each head")).containsExactly("q = x·wq + bq", "k = x·wk + bk");
        assertThat(taken("q = x·wq + bq")).containsExactly("x", "wq", "bq");
        assertThat(graph.nodes().getLast().kind()).isEqualTo(Kind.OUTPUT);
    }

    private List<String> taken(String name) {
        int id = graph.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
        return graph.edges().stream()
                .filter(edge -> edge.to() == id)
                .map(edge -> graph.nodes().get(edge.from()).name())
                .toList();
    }
}
