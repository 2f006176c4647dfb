package dev.telltale.alerts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A receiver as users write it, and as it is kept.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ReceiverForm", description = "Where alerts go, and how")
record ReceiverForm(
        @Schema(allowableValues = {"alertmanager", "webhook"})
        Kind kind,

        @Schema(
                description = "of an Alertmanager its root, else the address that takes the events",
                example = "https://hooks.example.com/telltale")
        String url,

        @Schema(
                description = "of a webhook, with which its events are signed: 16 to 200 characters, never shown again;"
                        + " left out, the one it has stays",
                example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        @Nullable
        String secret,

        @Schema(
                type = "string",
                description = "time between two tellings of an incident that lasts; of an Alertmanager PT10S to PT1H,"
                        + " else PT1M; of a webhook PT1M to P7D, else PT4H",
                example = "PT4H")
        @Nullable
        Duration repeat) {

    /// What takes the alerts.
    enum Kind {
        ALERTMANAGER,
        WEBHOOK
    }

    ReceiverForm {
        ReceiverUrl.parse(url);
        if (secret != null) {
            new Secret(secret);
        }
        if (kind == Kind.ALERTMANAGER && secret != null) {
            throw AlertsProblem.BAD_RECEIVER.because("an Alertmanager takes no secret; leave it out");
        }
    }

    static ReceiverForm of(Receiver receiver) {
        return switch (receiver) {
            case Receiver.Alertmanager one ->
                new ReceiverForm(Kind.ALERTMANAGER, one.url().toString(), null, one.repeat());
            case Receiver.Webhook one ->
                new ReceiverForm(
                        Kind.WEBHOOK, one.url().toString(), one.secret().text(), one.repeat());
        };
    }

    /// @param present the receiver of this name, whose secret stays where the form has none
    Receiver receiver(Optional<Receiver> present) {
        ReceiverUrl address = ReceiverUrl.parse(url);
        return switch (kind) {
            case ALERTMANAGER ->
                new Receiver.Alertmanager(
                        address, Objects.requireNonNullElse(repeat, Receiver.Alertmanager.DEFAULT_REPEAT));
            case WEBHOOK ->
                new Receiver.Webhook(
                        address,
                        Optional.ofNullable(secret)
                                .map(Secret::new)
                                .or(() -> present.flatMap(ReceiverForm::secret))
                                .orElseThrow(() -> AlertsProblem.BAD_RECEIVER.because(
                                        "a webhook needs a secret, with which its events are signed")),
                        Objects.requireNonNullElse(repeat, Receiver.Webhook.DEFAULT_REPEAT));
        };
    }

    private static Optional<Secret> secret(Receiver receiver) {
        return receiver instanceof Receiver.Webhook webhook ? Optional.of(webhook.secret()) : Optional.empty();
    }

    @Override
    public String toString() {
        return kind + " at " + url;
    }
}
