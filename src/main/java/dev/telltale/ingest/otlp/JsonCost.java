package dev.telltale.ingest.otlp;

/// About how much heap JSON takes as a tree and then as messages. Two bytes can become an object, so this is
/// told before one is made.
final class JsonCost {

    private static final int VALUE = 80;
    private static final int NESTED = 160;

    private final long bytes;
    private final int depth;

    private JsonCost(long bytes, int depth) {
        this.bytes = bytes;
        this.depth = depth;
    }

    /// Counts objects, lists and what they hold; whether it is well-formed shows later.
    static JsonCost of(byte[] json) {
        long bytes = json.length;
        int depth = 0;
        int deepest = 0;
        boolean inText = false;
        for (int i = 0; i < json.length; i++) {
            byte character = json[i];
            if (inText) {
                if (character == '\\') {
                    i++;
                } else if (character == '"') {
                    inText = false;
                }
            } else {
                switch (character) {
                    case '"' -> inText = true;
                    case ',', ':' -> bytes += VALUE;
                    case '{', '[' -> {
                        bytes += NESTED;
                        depth++;
                        deepest = Math.max(deepest, depth);
                    }
                    case '}', ']' -> depth--;
                    default -> {}
                }
            }
        }
        return new JsonCost(bytes, deepest);
    }

    long bytes() {
        return bytes;
    }

    /// Levels of objects and lists.
    int depth() {
        return depth;
    }
}
