package dev.telltale.problem;

/// Text from outside as it may stand in a message or a log.
public final class Excerpt {

    private static final int LONGEST = 64;

    private Excerpt() {}

    /// The text, shortened to 64 characters, its control characters and halves of surrogate pairs replaced.
    public static String of(String text) {
        String shown = text.codePoints()
                .limit(LONGEST)
                .map(character -> isUnprintable(character) ? '\ufffd' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.length() > shown.length() ? shown + "…" : shown;
    }

    /// Whether a character is a control character or half of a surrogate pair.
    public static boolean isUnprintable(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }
}
