package dev.telltale.access;

import dev.telltale.http.HttpProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys as callers ask for and see them.
final class KeyViews {

    private KeyViews() {}

    @Schema(name = "NewKey")
    record NewKey(
            @Schema(description = "what it is for, 1 to 100 characters", example = "prometheus")
            String name,

            @Schema(description = "what its holder may do", example = "[\"writer\"]")
            List<Role> roles,

            @Schema(description = "from when on it is not valid; never if left out", example = "2027-01-01T00:00:00Z")
            @Nullable
            Instant expires) {

        Set<Role> roleSet() {
            if (roles.isEmpty()) {
                throw HttpProblem.INVALID_VALUE.because("a key needs a role: %s", Role.words());
            }
            return Set.copyOf(roles);
        }
    }

    @Schema(name = "Key", description = "What is known of a key; its secret is not kept")
    record View(
            @Schema(example = "k3v9x0q1m2ab") String id,
            @Schema(example = "prometheus") String name,
            List<Role> roles,
            Instant created,
            @Schema(description = "null: never") @Nullable Instant expires,
            @Schema(description = "null: not yet") @Nullable Instant revoked) {

        static View of(Key key) {
            return new View(key.id(), key.name(), inOrder(key), key.created(), key.expires(), key.revoked());
        }
    }

    @Schema(name = "MadeKey", description = "A key that was just made, with its text")
    record MadeView(
            @Schema(example = "k3v9x0q1m2ab") String id,
            @Schema(example = "prometheus") String name,
            List<Role> roles,
            Instant created,
            @Schema(description = "null: never") @Nullable Instant expires,

            @Schema(description = "shown now and never again", example = "tt_k3v9x0q1m2ab_…")
            String key) {

        static MadeView of(Keys.Made made) {
            Key key = made.key();
            return new MadeView(
                    key.id(),
                    key.name(),
                    inOrder(key),
                    key.created(),
                    key.expires(),
                    made.text().written());
        }
    }

    private static List<Role> inOrder(Key key) {
        return key.roles().stream().sorted(Comparator.naturalOrder()).toList();
    }
}
