package dev.telltale.http;

import java.net.URI;

/// Where people reach this service: the beginning of the links that it sends out.
///
/// @param text without a slash at its end, such as `https://telltale.example.com`
public record PublicUrl(String text) {

    /// The link to a path.
    ///
    /// @param path from the root of the service, with the slash it begins with
    public URI of(String path) {
        return URI.create(text + path);
    }

    @Override
    public String toString() {
        return text;
    }
}
