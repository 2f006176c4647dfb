package dev.telltale.http;

import java.util.Map;

/// An answer as it is kept for who sends the same request again.
///
/// @param fingerprint of the request
/// @param headers those that tell of the result
@SuppressWarnings("ArrayRecordComponent") // handed from the store to the caller, compared by nobody
record KeptAnswer(String fingerprint, int status, Map<String, String> headers, byte[] body) {}
