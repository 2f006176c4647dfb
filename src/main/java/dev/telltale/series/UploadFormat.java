package dev.telltale.series;

import java.util.Locale;
import java.util.Optional;

/// How samples are written in an upload.
public enum UploadFormat {
    CSV("text/csv", ".csv"),
    JSON("application/json", ".json"),
    NDJSON("application/x-ndjson", ".ndjson");

    private final String mediaType;
    private final String suffix;

    UploadFormat(String mediaType, String suffix) {
        this.mediaType = mediaType;
        this.suffix = suffix;
    }

    /// The format of this media type, parameters such as a charset aside.
    public static Optional<UploadFormat> ofMediaType(String type) {
        String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        for (UploadFormat format : values()) {
            if (format.mediaType.equals(bare)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// The format of a file: by its media type or, where that says nothing of the content, as browsers send
    /// it for files they do not know, by the end of its name. CSV if neither tells.
    public static UploadFormat ofFile(Optional<String> type, Optional<String> name) {
        return type.flatMap(UploadFormat::ofMediaType)
                .or(() -> name.flatMap(UploadFormat::ofName))
                .orElse(CSV);
    }

    private static Optional<UploadFormat> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (UploadFormat format : values()) {
            if (lower.endsWith(format.suffix)) {
                return Optional.of(format);
            }
        }
        return lower.endsWith(".jsonl") ? Optional.of(NDJSON) : Optional.empty();
    }
}
