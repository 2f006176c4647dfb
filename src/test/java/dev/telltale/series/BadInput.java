package dev.telltale.series;

import dev.telltale.http.RawRequest;

/// One request and what must come of it.
///
/// @param expected status and type of the problem, or the status alone
record BadInput(String description, RawRequest request, String expected) {

    static BadInput bad(String description, RawRequest request, String expected) {
        return new BadInput(description, request, expected);
    }

    int status() {
        return Integer.parseInt(expected.substring(0, 3));
    }

    /// The type of the problem as it stands in its document, empty if any will do.
    String type() {
        return expected.length() == 3 ? "" : "\"/problems/" + expected.substring(4) + "\"";
    }

    @Override
    public String toString() {
        return description;
    }
}
