package dev.telltale.ingest.kafka;

import java.util.Locale;

/// Why a record can never be stored.
enum Cause {
    /// It has no value.
    EMPTY,
    /// It is larger than the setting allows, or decoding it takes too much.
    TOO_LARGE,
    /// No format is known by that name.
    UNKNOWN_TYPE,
    /// It is not what its type says, or a part of it is not valid.
    MALFORMED,
    /// The broker holds bytes that are no record.
    UNREADABLE,
    /// The store failed on it again and again, and not on others.
    NOT_STORABLE;

    /// As in headers and meters.
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
