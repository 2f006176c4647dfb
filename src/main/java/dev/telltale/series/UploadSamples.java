package dev.telltale.series;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The samples of an upload that was read, by series and time: rows that share a time are merged.
final class UploadSamples {

    /// Samples that are compared, encoded and told of at once.
    private static final int SLICE = 64 * Chunk.FULL;

    private final UploadRows rows;
    private final Duplicates duplicates;
    private final RowFault.Form form;
    private final int mostAtOnce;
    private final long[] repeated; // by series

    /// @param form tells where a row stands
    UploadSamples(UploadRows rows, Duplicates duplicates, RowFault.Form form) {
        this(rows, duplicates, form, SLICE);
    }

    /// @param mostAtOnce samples in a slice
    UploadSamples(UploadRows rows, Duplicates duplicates, RowFault.Form form, int mostAtOnce) {
        this.rows = rows;
        this.duplicates = duplicates;
        this.form = form;
        this.mostAtOnce = mostAtOnce;
        this.repeated = new long[rows.series()];
    }

    /// Looks for faults that only show once all rows are read.
    ///
    /// @throws dev.telltale.problem.Problem with the faults, if there are any and they refuse the upload
    void check() {
        rows.faults().check();
        if (duplicates == Duplicates.REFUSE && !rows.ascends() && !rows.faults().areTolerated()) {
            slices((series, place) -> refuse(place)).forEachRemaining(slice -> {});
            rows.faults().check();
        }
    }

    /// At most so many samples.
    long count() {
        return rows.count();
    }

    /// The samples of all series for the store, which comes only once.
    Iterator<DuplicateMerge.Slice> forTheStore() {
        return slices((series, place) -> {
            repeated[series]++;
            if (duplicates == Duplicates.REFUSE) {
                refuse(place);
            }
        });
    }

    /// The samples of all series once more.
    Iterator<DuplicateMerge.Slice> again() {
        return slices((series, place) -> {});
    }

    /// Rows that faults have spoilt.
    long spoilt() {
        return rows.spoilt();
    }

    /// Rows left out as bad ones since their time stands in an earlier one, once the store has had them.
    long refused() {
        return duplicates == Duplicates.REFUSE ? Arrays.stream(repeated).sum() : 0;
    }

    /// Rows of a series that went into another of the same time, once the store has had them.
    long merged(int series) {
        return duplicates == Duplicates.REFUSE || series >= repeated.length ? 0 : repeated[series];
    }

    private void refuse(long place) {
        rows.faults().add(SeriesProblem.DUPLICATE_TIME, form.of(place, DuplicateMerge.REPEATED));
    }

    RowFault.Form form() {
        return form;
    }

    private Iterator<DuplicateMerge.Slice> slices(DuplicateMerge.Repeated onRepeated) {
        DuplicateMerge merge = new DuplicateMerge(rows.cursor(), duplicates, onRepeated);
        return new Iterator<>() {

            private Optional<DuplicateMerge.Slice> next = merge.next(mostAtOnce);

            @Override
            public boolean hasNext() {
                return next.isPresent();
            }

            @Override
            public DuplicateMerge.Slice next() {
                DuplicateMerge.Slice slice = next.orElseThrow(NoSuchElementException::new);
                next = merge.next(mostAtOnce);
                return slice;
            }
        };
    }
}
