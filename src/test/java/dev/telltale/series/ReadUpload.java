package dev.telltale.series;

/// Uploads of one series that fit into memory, as their readers hand them on.
final class ReadUpload {

    private ReadUpload() {}

    static UploadSamples of(Samples samples) {
        UploadRows rows = new UploadRows(new SampleFaults(false), () -> {
            throw new IllegalStateException("they do not fit into memory");
        });
        for (int i = 0; i < samples.count(); i++) {
            rows.add(0, samples.time(i), samples.value(i), i);
        }
        return new UploadSamples(rows, Duplicates.REFUSE, SampleReader.faults(UploadFormat.JSON));
    }
}
