package dev.telltale.alerts;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Silences as answers show them.
final class SilenceViews {

    private SilenceViews() {}

    /// A silence and where it stands.
    @Schema(name = "Silence")
    record View(
            @Schema(example = "3") String id,
            @Schema(example = "{detector=\"disk-writes\"}") String matchers,

            @Schema(example = "2026-03-10T09:00:00Z") @Nullable
            Instant start,

            @Schema(example = "2026-03-10T21:00:00Z") @Nullable
            Instant end,

            SilenceForm.@Nullable Recurrence recurring,
            @Schema(example = "new disks") @Nullable String comment,

            @Schema(allowableValues = {"pending", "active", "ended"})
            Silence.State state) {

        static View of(Silence silence, Instant now) {
            SilenceForm form = silence.form();
            return new View(
                    Long.toString(silence.id()),
                    form.matchers(),
                    form.start(),
                    form.end(),
                    form.recurring(),
                    form.comment(),
                    silence.state(now));
        }
    }
}
