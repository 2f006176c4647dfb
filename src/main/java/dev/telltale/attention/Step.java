package dev.telltale.attention;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One step of the self-attention transform.
///
/// @param name of its result, as answers hold it
/// @param inputs names of earlier results, in the order in which the operation takes them
/// @param shape of its result, in symbols
/// @param answered whether answers hold its result
/// @see <a href="https://doi.org/10.48550/arXiv.1706.03762">Vaswani et al. (2017), section 3.2</a>
public record Step(String name, Operation operation, List<String> inputs, List<String> shape, boolean answered) {

    /// What the first steps take: the rows.
    public static final String ROWS = "x";

    static final List<String> SHAPE_OF_ROWS = List.of("N", "D");

    private static final List<String> PAIRS = List.of("heads", "N", "N");

    /// The transform, each step after those that it takes. Whoever computes or draws it goes through these.
    public static final List<Step> ALL = List.of(
            answered("q", project("q", AttentionInput::query), List.of("N", "dk"), ROWS),
            answered("k", project("k", AttentionInput::key), List.of("N", "dk"), ROWS),
            answered("v", project("v", AttentionInput::value), List.of("N", "dv"), ROWS),
            answered("scores", new Operation.Compare(), PAIRS, "q", "k"),
            between("masked", new Operation.Mask(), PAIRS, "scores"),
            answered("weights", new Operation.Softmax(), PAIRS, "masked"),
            answered("context", new Operation.Mix(), List.of("N", "dv"), "weights", "v"),
            between("projected", new Operation.Project("o", AttentionInput::output), List.of("N", "O"), "context"),
            answered("z", new Operation.Activate(), List.of("N", "O"), "projected"));

    public Step {
        inputs = List.copyOf(inputs);
        shape = List.copyOf(shape);
    }

    private static Step answered(String name, Operation operation, List<String> shape, String... inputs) {
        return new Step(name, operation, List.of(inputs), shape, true);
    }

    private static Step between(String name, Operation operation, List<String> shape, String... inputs) {
        return new Step(name, operation, List.of(inputs), shape, false);
    }

    private static Operation project(String letter, Function<AttentionInput, Projection> of) {
        return new Operation.Project(letter, input -> Optional.of(of.apply(input)));
    }
}
