package dev.telltale.drawing;

/// How a picture is written.
public enum PictureForm {
    SVG("image/svg+xml"),
    PNG("image/png");

    private final String mediaType;

    PictureForm(String mediaType) {
        this.mediaType = mediaType;
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
