package dev.telltale.models;

import java.util.Optional;

/// Knows who depends on a model, so that it is not deleted under him.
@FunctionalInterface
public interface ModelUse {

    /// What uses the model, such as `detector 'cpu'`.
    Optional<String> userOf(ModelName model);
}
