package dev.telltale.ingest;

/// Names that other systems allow, as names of series and labels.
public final class ForeignNames {

    private ForeignNames() {}

    /// The name of a series: each character that a series name cannot have becomes `_`, and `_` comes before
    /// one that cannot stand first. `http/requests` is `http_requests`, `5xx` is `_5xx`.
    public static String series(String name) {
        StringBuilder translated = new StringBuilder(name.length() + 1);
        if (!name.isEmpty() && !isLetter(name.charAt(0)) && name.charAt(0) != '_' && name.charAt(0) != ':') {
            translated.append(isDigit(name.charAt(0)) ? "_" : "");
            translated.append(isDigit(name.charAt(0)) ? name.charAt(0) : '_');
        } else if (!name.isEmpty()) {
            translated.append(name.charAt(0));
        }
        for (int i = 1; i < name.length(); i++) {
            char character = name.charAt(i);
            boolean allowed = isLetter(character) || isDigit(character) || "_:.-".indexOf(character) >= 0;
            translated.append(allowed ? character : '_');
        }
        return translated.toString();
    }

    /// The name of a label, as Prometheus translates it: each character that a label name cannot have becomes
    /// `_`, and `key_` comes before a name that starts with a digit, is empty or is `__name__`.
    /// `service.name` is `service_name`.
    public static String label(String name) {
        StringBuilder translated = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            translated.append(isLetter(character) || isDigit(character) ? character : '_');
        }
        boolean taken = name.isEmpty()
                || isDigit(name.charAt(0))
                || translated.toString().equals("__name__");
        return taken ? translated.insert(0, "key_").toString() : translated.toString();
    }

    private static boolean isLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
