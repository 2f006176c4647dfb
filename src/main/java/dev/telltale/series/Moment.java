package dev.telltale.series;

import java.util.List;

/// What is stored of a series in a range of times at one moment.
///
/// @param recent samples of the range that are not in chunks; where a chunk has the same time, these are newer
/// @param chunks that may have samples of the range, in order; if there are more than were asked for, the first of them
record Moment(Samples recent, List<EncodedChunk> chunks) {}
