package dev.telltale.drawing;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a picture is written.
public enum PictureForm {
    SVG("image/svg+xml"),
    PNG("image/png");

    private final String mediaType;

    PictureForm(String mediaType) {
        this.mediaType = mediaType;
    }

    /// The form that files of this suffix have, such as `svg`.
    public static Optional<PictureForm> ofSuffix(String suffix) {
        return Arrays.stream(values())
                .filter(form -> form.suffix().equals(suffix))
                .findAny();
    }

    /// The form of this media type.
    public static Optional<PictureForm> ofMediaType(String mediaType) {
        return Arrays.stream(values())
                .filter(form -> form.mediaType().equals(mediaType))
                .findAny();
    }

    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String mediaType() {
        return mediaType;
    }

    public byte[] write(Picture picture) {
        return switch (this) {
            case SVG -> Svg.write(picture);
            case PNG -> Png.write(picture);
        };
    }
}
