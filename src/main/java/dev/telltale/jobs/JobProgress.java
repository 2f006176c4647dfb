package dev.telltale.jobs;

import org.jspecify.annotations.Nullable;

/// How far a job has come. A loss or a time that is not finite counts as unknown: JSON cannot say it.
///
/// @param epoch epochs done, from 0 to `epochs`
/// @param epochs epochs planned, at least 1
/// @param trainLoss mean of the batch losses of the last epoch, or null while unknown
/// @param validationLoss loss over the validation part after the last epoch, or null while unknown
/// @param etaSeconds estimated seconds until the job is done, or null while unknown
public record JobProgress(
        int epoch,
        int epochs,
        @Nullable Double trainLoss,
        @Nullable Double validationLoss,
        @Nullable Double etaSeconds) {

    public JobProgress {
        if (epochs < 1 || epoch < 0 || epoch > epochs) {
            throw new IllegalArgumentException("epoch " + epoch + " of " + epochs + " is not a progress");
        }
        trainLoss = finiteOrNull(trainLoss);
        validationLoss = finiteOrNull(validationLoss);
        etaSeconds = finiteOrNull(etaSeconds);
    }

    private static @Nullable Double finiteOrNull(@Nullable Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }
}
