package dev.telltale.models;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Gives the manifest of an older file the fields of today's, with the values that the release which wrote
/// it worked by.
final class ManifestUpgrade {

    private ManifestUpgrade() {}

    /// Whether a file of this format version can be read.
    static boolean knows(int version) {
        return version >= 1 && version <= Manifest.FORMAT_VERSION;
    }

    /// @param version of the manifest, a known one
    /// @param manifest becomes one of today's version
    static void upgrade(int version, ObjectNode manifest) {
        if (version < 2) {
            // It knew one series only, and one that has none is no manifest: reading it says so.
            Optional.ofNullable(manifest.remove("source"))
                    .ifPresent(source -> manifest.putArray("sources").add(source));
            if (manifest.get("evaluation") instanceof ObjectNode evaluation) {
                withNewFigures(evaluation);
            }
        }
        if (version < 3) {
            manifest.put("formatVersion", 3);
            if (manifest.get("evaluation") instanceof ObjectNode evaluation) {
                evaluation.putArray("evidence");
            }
        }
    }

    private static void withNewFigures(ObjectNode evaluation) {
        evaluation.putArray("baselines");
        ObjectNode curves = evaluation.putObject("curves");
        curves.putArray("precisionRecall");
        curves.putArray("roc");
        if (evaluation.get("reasons") instanceof ObjectNode reasons) {
            for (String figure : new String[] {"averagePrecision", "rocAuc", "vusPr", "events", "falseAlarmsPer1000"}) {
                reasons.put(figure, "the release that trained this model did not measure it");
            }
        }
    }
}
