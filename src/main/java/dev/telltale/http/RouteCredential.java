package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// A credential that one route takes beside keys and tokens, because the operator agreed on it with the sender.
/// It opens that route and no other.
public interface RouteCredential {

    /// The name of the caller, if the request is for that route and shows the credential.
    Optional<String> caller(HttpServletRequest request);
}
