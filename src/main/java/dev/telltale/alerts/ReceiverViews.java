package dev.telltale.alerts;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Receivers as answers show them.
final class ReceiverViews {

    private ReceiverViews() {}

    /// A receiver.
    ///
    /// @param secretSet whether its events are signed; the secret itself is never shown
    @Schema(name = "Receiver")
    record View(
            @Schema(example = "on-call") String name,

            @Schema(allowableValues = {"alertmanager", "webhook"})
            ReceiverForm.Kind kind,

            @Schema(example = "https://hooks.example.com/telltale")
            String url,

            @Schema(type = "string", example = "PT4H") Duration repeat,

            @Schema(description = "whether its events are signed; the secret itself is never shown")
            boolean secretSet,

            Delivery delivery) {

        static View of(StoredReceiver stored) {
            ReceiverForm form = ReceiverForm.of(stored.receiver());
            return new View(
                    stored.name().value(),
                    form.kind(),
                    form.url(),
                    stored.receiver().repeat(),
                    form.secret() != null,
                    Delivery.of(stored.deliveries()));
        }
    }

    /// What became of its messages.
    @Schema(name = "AlertDelivery")
    record Delivery(
            @Schema(description = "messages that wait", example = "0")
            long queue,

            @Schema(example = "2026-03-10T09:00:00Z") @Nullable
            Instant lastSuccess,

            @Nullable Failure lastFailure,

            @Schema(description = "messages given up", example = "0")
            long dropped,

            @Nullable Drop lastDropped) {

        private static Delivery of(StoredReceiver.Deliveries deliveries) {
            return new Delivery(
                    deliveries.waiting(),
                    deliveries.lastSuccess().orElse(null),
                    deliveries
                            .lastFailure()
                            .map(time -> new Failure(time, deliveries.failure().orElse("")))
                            .orElse(null),
                    deliveries.dropped(),
                    deliveries.lastDrop().orElse(null));
        }
    }

    /// An attempt that did not succeed.
    @Schema(name = "AlertFailure")
    record Failure(
            @Schema(example = "2026-03-10T09:00:00Z") Instant time,
            @Schema(example = "the answer was 503") String cause) {}
}
