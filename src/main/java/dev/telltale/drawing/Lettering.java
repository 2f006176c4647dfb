package dev.telltale.drawing;

import dev.telltale.problem.Excerpt;

/// Text in a picture: any string from outside as one line that can be drawn, and about how wide it is. Widths are
/// estimates from above for common sans-serif fonts, so that a layout is the same on every machine.
final class Lettering {

    private static final String NARROW = "iljtfrI.,:;'|!()[]{}/\\ -\"`";
    private static final String WIDE = "mwMW@%×→√";
    private static final int FIRST_IDEOGRAPH = 0x2e80;

    private Lettering() {}

    /// The text with its line breaks as spaces, and what cannot be drawn or stand in XML replaced.
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(character -> line.appendCodePoint(drawable(character)));
        return line.toString();
    }

    private static int drawable(int character) {
        if (Character.isWhitespace(character)) {
            return ' ';
        }
        int type = Character.getType(character);
        boolean invisible =
                Excerpt.isUnprintable(character) || type == Character.FORMAT; // such as those that turn text
        boolean noCharacter = (character & 0xfffe) == 0xfffe;
        return invisible || noCharacter ? 0xfffd : character;
    }

    /// As `oneLine`, cut with an ellipsis where it would be wider.
    ///
    /// @param size of the font, pixels
    static String fitting(String text, double size, double width) {
        String line = oneLine(text);
        if (width(line, size) <= width) {
            return line;
        }
        StringBuilder cut = new StringBuilder();
        double used = width("…", size);
        for (int character : line.codePoints().toArray()) {
            used += size * advance(character);
            if (used > width) {
                break;
            }
            cut.appendCodePoint(character);
        }
        return cut.append('…').toString();
    }

    /// Pixels, rather too many than too few.
    static double width(String line, double size) {
        return size * line.codePoints().mapToDouble(Lettering::advance).sum();
    }

    private static double advance(int character) {
        if (NARROW.indexOf(character) >= 0) {
            return 0.4;
        }
        if (WIDE.indexOf(character) >= 0 || character >= FIRST_IDEOGRAPH) {
            return 1;
        }
        return Character.isUpperCase(character) ? 0.72 : 0.635;
    }
}
