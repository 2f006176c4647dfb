package dev.telltale.series;

import dev.telltale.http.Json;
import dev.telltale.jobs.Job;
import dev.telltale.jobs.JobProgress;
import dev.telltale.jobs.JobReports;
import dev.telltale.jobs.JobRun;
import dev.telltale.jobs.JobRunner;
import dev.telltale.jobs.Jobs;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Uploads as jobs: the body waits on disk, and what became of it is kept as a report. A run that the end of the
/// process cut short is repeated; what an earlier one had stored is `unchanged` then. So it is where a process
/// whose job was taken over goes on for a while: only its report is refused.
final class UploadJob implements JobRunner {

    static final String KIND = "upload";

    private final Uploads uploads;
    private final UploadBodies bodies;
    private final JobReports reports;
    private final Json json;

    UploadJob(Uploads uploads, UploadBodies bodies, JobReports uploadReports, Json json) {
        this.uploads = uploads;
        this.bodies = bodies;
        this.reports = uploadReports;
        this.json = json;
    }

    /// What a job is told.
    ///
    /// @param series id or name of the one series for which it is, empty if there are several
    /// @param prefix of several
    /// @param labels of several, as `name=value,name=value`
    record Payload(
            UploadFormat format,
            String series,
            String prefix,
            String labels,
            Duplicates duplicates,
            String zone,
            boolean replace,
            boolean partial) {

        /// The same of a file in another format.
        Payload in(UploadFormat other) {
            return new Payload(other, series, prefix, labels, duplicates, zone, replace, partial);
        }

        UploadTarget target() {
            return series.isEmpty()
                    ? new UploadTarget.Several(prefix, Labels.parse(labels))
                    : new UploadTarget.One(series);
        }

        UploadOptions options() {
            return new UploadOptions(duplicates, zone, replace, partial);
        }
    }

    /// A body that is on disk and for which there is no job yet. Closed without one, it is removed.
    record Prepared(Payload payload, UploadBodies.Arrival body) implements AutoCloseable {

        @Override
        public void close() {
            body.close();
        }
    }

    Prepared prepare(Payload payload, InputStream body) {
        return new Prepared(payload, bodies.keep(body));
    }

    /// Queues a job.
    Job submit(Jobs jobs, Prepared upload) {
        String payload = new String(json.write(upload.payload()), StandardCharsets.UTF_8);
        return upload.body().handOver(name -> jobs.submit(KIND, name, payload));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String run(JobRun run) {
        byte[] payload = run.payload().getBytes(StandardCharsets.UTF_8);
        SeriesViews.UploadsResult result = result(run, json.read(new ByteArrayInputStream(payload), Payload.class));
        reports.keep(run, new String(json.write(result), StandardCharsets.UTF_8));
        return path(run.id());
    }

    /// Until then a run may be repeated, and needs the body.
    @Override
    public void ended(String body) {
        bodies.remove(body);
    }

    /// Where callers find what became of an upload.
    static String path(long job) {
        return "/api/v1/uploads/" + job;
    }

    private SeriesViews.UploadsResult result(JobRun run, Payload payload) {
        try (UploadBodies.Body body = bodies.open(run.subject());
                Upload upload = uploads.read(
                        payload.target(), payload.options(), payload.format(), rows -> new Watched(body, rows, run))) {
            run.stopIfCancelled();
            return SeriesViews.UploadsResult.of(uploads.store(upload));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A body that tells its job how far it was read, and ends when that shall end.
    private static final class Watched extends FilterInputStream {

        private final long size;
        private final UploadRows rows;
        private final JobRun run;
        private long count;

        Watched(UploadBodies.Body body, UploadRows rows, JobRun run) {
            super(body.content());
            this.size = body.size();
            this.rows = rows;
            this.run = run;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            run.stopIfCancelled();
            int more = super.read(buffer, offset, length);
            count += Math.max(0, more);
            run.progress(new JobProgress.Upload(rows.count(), count, size));
            return more;
        }
    }
}
