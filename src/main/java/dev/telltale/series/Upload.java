package dev.telltale.series;

import java.util.List;

/// An upload that was read and is valid in itself; whether it fits what is stored is not known yet.
///
/// @param series that it names, by their numbers; of one that goes to a series that is named elsewhere, none
record Upload(
        UploadTarget target, UploadOptions options, UploadRows rows, UploadSamples samples, List<SeriesKey> series)
        implements AutoCloseable {

    @Override
    public void close() {
        rows.close();
    }
}
