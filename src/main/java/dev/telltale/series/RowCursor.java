package dev.telltale.series;

/// Goes through rows of an upload by series, time and place.
interface RowCursor {

    /// Goes to the next row; false if there is none any more.
    boolean advance();

    int series();

    long time();

    double value();

    long place();
}
