package dev.telltale.series;

import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Annotations as requests and answers show them.
final class AnnotationViews {

    static final String DEFAULT_SET = "default";

    private static final int LONGEST_SET = 200;
    private static final int LONGEST_NOTE = 1_000;

    private AnnotationViews() {}

    /// The name of a label set if it may be one.
    static String checked(String set) {
        if (set.isBlank() || set.length() > LONGEST_SET || !Excerpt.of(set).equals(set)) {
            throw SeriesProblem.BAD_ANNOTATION.because(
                    "a set's name has 1 to %d characters, none of them a control character", LONGEST_SET);
        }
        return set;
    }

    /// What a set is to hold from now on.
    record NewAnnotations(List<NewAnnotation> annotations) {}

    /// An annotation as a caller gives it; both ends belong to it.
    record NewAnnotation(
            @Schema(example = "2014-03-10T09:00:00Z") Instant start,
            @Schema(example = "2014-03-10T21:00:00Z") Instant end,

            @Schema(allowableValues = {"anomalous", "normal"})
            Annotation.Verdict verdict,

            @Schema(description = "may be left out where the request names the set", example = "default") @Nullable
            String set,

            @Schema(allowableValues = {"user", "dataset", "feedback"})
            Annotation.@Nullable Source source,

            @Schema(example = "disk filled up") @Nullable String note) {

        NewAnnotation {
            if (end.isBefore(start)) {
                throw SeriesProblem.BAD_ANNOTATION.because("end lies before start");
            }
            if (note != null && note.length() > LONGEST_NOTE) {
                throw SeriesProblem.BAD_ANNOTATION.because(
                        "a note has up to %d characters, this one has %d", LONGEST_NOTE, note.length());
            }
        }

        /// @param named the set that the request names, if it does
        Annotation in(@Nullable String named) {
            if (named != null && set != null && !set.equals(named)) {
                throw SeriesProblem.BAD_ANNOTATION.because(
                        "the annotation is of set '%s', the request of '%s'; say one of them",
                        Excerpt.of(set), Excerpt.of(named));
            }
            return new Annotation(
                    0,
                    start.toEpochMilli(),
                    end.toEpochMilli(),
                    verdict,
                    checked(Optional.ofNullable(named)
                            .or(() -> Optional.ofNullable(set))
                            .orElse(DEFAULT_SET)),
                    Optional.ofNullable(source).orElse(Annotation.Source.USER),
                    Optional.ofNullable(note));
        }
    }

    /// An annotation as it is answered.
    @Schema(name = "AnnotationView")
    record View(
            @Schema(example = "3") String id,
            @Schema(example = "2014-03-10T09:00:00Z") Instant start,
            @Schema(example = "2014-03-10T21:00:00Z") Instant end,

            @Schema(allowableValues = {"anomalous", "normal"})
            Annotation.Verdict verdict,

            @Schema(example = "default") String set,

            @Schema(allowableValues = {"user", "dataset", "feedback"})
            Annotation.Source source,

            @Nullable String note) {

        static View of(Annotation annotation) {
            return new View(
                    Long.toString(annotation.id()),
                    Instant.ofEpochMilli(annotation.start()),
                    Instant.ofEpochMilli(annotation.end()),
                    annotation.verdict(),
                    annotation.set(),
                    annotation.source(),
                    annotation.note().orElse(null));
        }
    }
}
