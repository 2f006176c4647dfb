package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// How an upload is to be read and stored.
///
/// @param duplicates what becomes of rows that share a time
/// @param zone of times without one, `Z` or as `Europe/Berlin`
/// @param replace whether stored values are overwritten
/// @param partial whether good rows are stored when others are bad
record UploadOptions(Duplicates duplicates, String zone, boolean replace, boolean partial) {

    UploadOptions {
        zone(zone);
    }

    ZoneId zoneId() {
        return zone(zone);
    }

    OnConflict onConflict() {
        if (replace) {
            return OnConflict.REPLACE;
        }
        return partial ? OnConflict.KEEP : OnConflict.REFUSE;
    }

    /// The zone of this name.
    ///
    /// @throws dev.telltale.problem.Problem if there is none
    static ZoneId zone(String name) {
        try {
            return name.equals("Z") ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw HttpProblem.INVALID_PARAMETER.because("zone is not known; name one such as Europe/Berlin or +01:00");
        }
    }
}
