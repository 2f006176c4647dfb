package dev.telltale.drawing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// How a graph is written.
public enum GraphForm {
    SVG("svg", "image/svg+xml"),
    DOT("dot", "text/vnd.graphviz;charset=UTF-8"),
    MERMAID("mmd", "text/vnd.mermaid;charset=UTF-8");

    private final String suffix;
    private final String mediaType;

    GraphForm(String suffix, String mediaType) {
        this.suffix = suffix;
        this.mediaType = mediaType;
    }

    /// The form that files of this suffix have, such as `dot`.
    public static Optional<GraphForm> ofSuffix(String suffix) {
        return Arrays.stream(values())
                .filter(form -> form.suffix().equals(suffix))
                .findAny();
    }

    /// The form of this media type.
    public static Optional<GraphForm> ofMediaType(String mediaType) {
        return Arrays.stream(values())
                .filter(form -> form.mediaType().equals(mediaType))
                .findAny();
    }

    public String suffix() {
        return suffix;
    }

    public String mediaType() {
        return mediaType;
    }

    public byte[] write(Graph graph) {
        return switch (this) {
            case SVG -> PictureForm.SVG.write(graph.picture());
            case DOT -> graph.dot().getBytes(StandardCharsets.UTF_8);
            case MERMAID -> graph.mermaid().getBytes(StandardCharsets.UTF_8);
        };
    }
}
