package dev.telltale.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash by which files, requests and states are told from others.
public final class Sha256 {

    private Sha256() {}

    /// A digest that has taken nothing in yet.
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
