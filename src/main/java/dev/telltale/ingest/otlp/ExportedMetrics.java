package dev.telltale.ingest.otlp;

import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.series.Pushed;
import dev.telltale.series.PushedSamples;

/// Takes exports of metrics that came another way than over HTTP. What is known of streams is shared with those.
public final class ExportedMetrics {

    private final Rates rates;
    private final IgnoredAttributes ignored;
    private final SeriesFilter filter;
    private final OtlpMeters meters;

    ExportedMetrics(Rates rates, IgnoredAttributes ignored, SeriesFilter filter, OtlpMeters meters) {
        this.rates = rates;
        this.ignored = ignored;
        this.filter = filter;
        this.meters = meters;
    }

    /// Exports that are stored together, none at first.
    public Together together() {
        return new Together();
    }

    /// Exports that are stored together. For one thread.
    public final class Together {

        private final Rates.Pass pass = rates.pass();
        private final MetricsDecoder decoder = new MetricsDecoder(ignored, pass, filter);

        private Together() {}

        /// Adds an `ExportMetricsServiceRequest` in protobuf, whole or not at all. Points of it that cannot be read are
        /// left out and counted.
        ///
        /// @param memory what decoding takes is taken from it
        /// @throws dev.telltale.problem.Problem if it is no export, or too much
        public void add(byte[] export, WorkingMemory.Part memory) {
            decoder.decode(ExportEncoding.PROTOBUF.read(export, memory));
        }

        /// What they tell.
        public PushedSamples samples() {
            return decoder.samples().samples();
        }

        /// Notes that the samples are stored: the next points tell rates since these.
        public void stored(Pushed pushed) {
            pass.keep();
            decoder.samples().countLeftOut();
            long refused = decoder.rejected().count() + pushed.refusedSamples();
            meters.count(decoder.points(), decoder.first(), Math.min(refused, decoder.points()));
        }
    }
}
