package dev.telltale.access;

/// Checks tokens that an issuer signed.
interface Tokens {

    /// Who the token speaks of, if it is valid here.
    Recognition check(String token);
}
