package dev.telltale.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.drawing.Graph;
import dev.telltale.drawing.Graph.Kind;
import dev.telltale.drawing.Graph.Node;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkGraphTest {

    @Test
    void showsEachLayerAsOperationsOnItsParameters() {
        Graph graph = NetworkGraph.of("Base", Preset.BASE, 8, 2);
        assertThat(graph.nodes())
                .extracting(node -> (node.name() + " " + node.shape()).strip())
                .startsWith(
                        "scaled window 8 × 2",
                        "reshape 16",
                        "encoder.0.linear.weight 32 × 16",
                        "matmul 32",
                        "encoder.0.linear.bias 32",
                        "add 32",
                        "relu 32")
                .endsWith("sigmoid 16", "reshape 8 × 2", "reconstruction 8 × 2", "mean squared error");
        assertThat(takenBy(graph, "matmul", 0)).containsExactly("reshape", "encoder.0.linear.weight");
        assertThat(takenBy(graph, "mean squared error", 0)).containsExactly("scaled window", "reconstruction");
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void showsEveryParameterOnceAndWhatEachNodeGoesInto(Preset preset) {
        Graph graph = NetworkGraph.of("Preset", preset, 250, 4);
        List<String> parameters = preset.layers(250, 4).stream()
                .flatMap(layer -> layer.parameterShapes().stream())
                .map(ParameterShape::name)
                .toList();
        assertThat(graph.nodes().stream()
                        .filter(node -> node.kind() == Kind.PARAMETER)
                        .map(Node::name))
                .containsExactlyInAnyOrderElementsOf(parameters);
        for (Node node : graph.nodes()) {
            boolean goesOn = graph.edges().stream().anyMatch(edge -> edge.from() == node.id());
            assertThat(goesOn).as(node.name()).isEqualTo(node.kind() != Kind.LOSS);
        }
    }

    @Test
    void expandsSelfAttentionIntoItsOperations() {
        Architecture architecture = new AttentionArchitecture(8, 2, 1, 16, 4, 0, Encoding.LEARNED);
        Graph graph = NetworkGraph.of("Attention", architecture, 6, 1);
        assertThat(takenBy(graph, "QKᵀ / √dk", 0)).containsExactly("split query by head", "split key by head");
        assertThat(shape(graph, "QKᵀ / √dk")).isEqualTo("2 × 6 × 6");
        assertThat(takenBy(graph, "softmax of each row", 0)).containsExactly("QKᵀ / √dk");
        assertThat(takenBy(graph, "join heads", 0)).containsExactly("matmul");
        assertThat(shape(graph, "split value by head")).isEqualTo("2 × 6 × 4");
        assertThat(shape(graph, "join heads")).isEqualTo("6 × 8");
        assertThat(graph.nodes()).extracting(Node::name).contains("normalise each row", "flatten");
    }

    private static String shape(Graph graph, String name) {
        return named(graph, name).findFirst().orElseThrow().shape();
    }

    /// The names of what the node takes that is the n-th of its name.
    private static List<String> takenBy(Graph graph, String name, int which) {
        int id = named(graph, name).skip(which).findFirst().orElseThrow().id();
        return graph.edges().stream()
                .filter(edge -> edge.to() == id)
                .map(edge -> graph.nodes().get(edge.from()).name())
                .toList();
    }

    private static Stream<Node> named(Graph graph, String name) {
        return graph.nodes().stream().filter(node -> node.name().equals(name));
    }
}
