package dev.telltale.drawing;

/// How a kind of node looks.
record GraphStyle(Colour fill, Colour border) {

    static GraphStyle of(Graph.Kind kind) {
        return switch (kind) {
            case INPUT -> new GraphStyle(new Colour(0xd9edf9), Colour.BLUE);
            case PARAMETER -> new GraphStyle(new Colour(0xfdf1d7), Colour.ORANGE);
            case OPERATION -> new GraphStyle(new Colour(0xf5f7fa), Colour.GREY);
            case OUTPUT -> new GraphStyle(new Colour(0xd8f0e8), Colour.GREEN);
            case LOSS -> new GraphStyle(Colour.PALE_RED, Colour.RED);
        };
    }
}
