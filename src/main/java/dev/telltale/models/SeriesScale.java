package dev.telltale.models;

import dev.telltale.detection.ScoreScale;
import dev.telltale.http.Json;
import dev.telltale.signal.Scaling;
import java.io.ByteArrayInputStream;

/// What the rows of a series are measured by that a model was not trained on: how its values are scaled before
/// the network sees them, and how the network's errors become scores.
///
/// @param scaling one entry for each of the model's channels
public record SeriesScale(Scaling scaling, ScoreScale scores) {

    /// Knots of its calibration: there are as many scales as series.
    static final int KNOTS = 32;

    /// As it is kept.
    private record Kept(Scaling scaling, Scoring scoring) {}

    /// The scale that `toJson` wrote.
    public static SeriesScale ofJson(Json json, byte[] text) {
        Kept kept = json.read(new ByteArrayInputStream(text), Kept.class);
        return new SeriesScale(kept.scaling(), kept.scoring().scale());
    }

    public byte[] toJson(Json json) {
        return json.write(new Kept(scaling, Scoring.of(scores)));
    }
}
