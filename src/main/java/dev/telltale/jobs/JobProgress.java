package dev.telltale.jobs;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// How far a job has come, in the terms of its kind. A loss or a time that is not finite counts as unknown:
/// JSON cannot say it.
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
    @JsonSubTypes.Type(JobProgress.Training.class),
    @JsonSubTypes.Type(JobProgress.Upload.class),
    @JsonSubTypes.Type(JobProgress.Tuning.class)
})
@Schema(description = "How far a job has come, in the terms of its kind")
public sealed interface JobProgress {

    /// Of a training.
    ///
    /// @param epoch epochs done, from 0 to `epochs`
    /// @param epochs epochs planned, at least 1
    /// @param trainLoss mean of the batch losses of the last epoch, or null while unknown
    /// @param validationLoss loss over the validation part after the last epoch, or null while unknown
    /// @param etaSeconds estimated seconds until the job is done, or null while unknown
    @Schema(name = "TrainingProgress")
    record Training(
            int epoch,
            int epochs,
            @Nullable Double trainLoss,
            @Nullable Double validationLoss,
            @Nullable Double etaSeconds)
            implements JobProgress {

        public Training {
            if (epochs < 1 || epoch < 0 || epoch > epochs) {
                throw new IllegalArgumentException("epoch " + epoch + " of " + epochs + " is not a progress");
            }
            trainLoss = finiteOrNull(trainLoss);
            validationLoss = finiteOrNull(validationLoss);
            etaSeconds = finiteOrNull(etaSeconds);
        }
    }

    /// Of a tuning.
    ///
    /// @param trainings done, from 0 to `budget`
    /// @param budget trainings planned at most
    /// @param best what the best candidate reached so far, in terms of the objective, or null while unknown
    @Schema(name = "TuningProgress")
    record Tuning(int trainings, int budget, @Nullable Double best) implements JobProgress {

        public Tuning {
            if (trainings < 0 || trainings > budget) {
                throw new IllegalArgumentException(trainings + " of " + budget + " trainings is not a progress");
            }
            best = finiteOrNull(best);
        }
    }

    /// Of an upload.
    ///
    /// @param rows read so far
    /// @param bytes read so far, decoded
    /// @param totalBytes bytes of the whole upload, decoded
    @Schema(name = "UploadProgress")
    record Upload(long rows, long bytes, long totalBytes) implements JobProgress {

        public Upload {
            if (rows < 0 || bytes < 0 || bytes > totalBytes) {
                throw new IllegalArgumentException(bytes + " of " + totalBytes + " bytes is not a progress");
            }
        }
    }

    private static @Nullable Double finiteOrNull(@Nullable Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }
}
