package dev.telltale.signal;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A windowing as users write it; what is absent has its default.
@Schema(name = "Windowing", description = "How rows are cut into the windows that the network sees")
public record WindowingForm(
        @Schema(description = "rows in a window, 1 to 10,000", example = "32") @Nullable
        Integer length,

        @Schema(description = "rows from one training window's start to the next, 1 to 10,000", example = "1") @Nullable
        Integer stride) {

    public WindowingForm {
        windowing(length, stride);
    }

    /// A windowing with both fields.
    public static WindowingForm of(Windowing windowing) {
        return new WindowingForm(windowing.length(), windowing.stride());
    }

    /// What is written, or the default where nothing is.
    public static Windowing orDefault(@Nullable WindowingForm form) {
        return form == null ? Windowing.DEFAULT : windowing(form.length, form.stride);
    }

    private static Windowing windowing(@Nullable Integer length, @Nullable Integer stride) {
        return new Windowing(
                Objects.requireNonNullElse(length, Windowing.DEFAULT.length()),
                Objects.requireNonNullElse(stride, Windowing.DEFAULT.stride()));
    }
}
