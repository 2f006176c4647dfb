package dev.telltale.http;

/// All that a server said on a connection until it closed it.
public record RawAnswer(String text) {

    /// The status of the first answer, 0 if there was none.
    public int status() {
        return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    /// The value of a header, empty without it.
    public String header(String name) {
        return text.substring(0, Math.max(0, text.indexOf("\r\n\r\n")))
                .lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /// The body, where it is short: it comes with a length or in one chunk.
    public String body() {
        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        return text.contains("Transfer-Encoding: chunked")
                ? body.substring(body.indexOf("\r\n") + 2, body.indexOf("\r\n0\r\n"))
                : body;
    }
}
