package dev.telltale.drawing;

/// Colours from light for low to dark for high values, in steps of lightness that the eye takes as equal.
///
/// @see <a href="https://colorbrewer2.org/#type=sequential&scheme=YlGnBu">ColorBrewer, YlGnBu</a>
final class ColourRamp {

    static final int LEVELS = 64;

    private static final int[] ANCHORS = {
        0xffffd9, 0xedf8b1, 0xc7e9b4, 0x7fcdbb, 0x41b6c4, 0x1d91c0, 0x225ea8, 0x253494, 0x081d58
    };

    private ColourRamp() {}

    /// @param share in [0, 1]; no number is grey
    static Colour at(double share) {
        if (Double.isNaN(share)) {
            return Colour.GRID;
        }
        double level = Math.rint(Math.clamp(share, 0, 1) * (LEVELS - 1)) / (LEVELS - 1);
        double place = level * (ANCHORS.length - 1);
        int below = Math.min((int) place, ANCHORS.length - 2);
        return new Colour(ANCHORS[below]).towards(new Colour(ANCHORS[below + 1]), place - below);
    }
}
