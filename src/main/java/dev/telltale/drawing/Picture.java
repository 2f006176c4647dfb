package dev.telltale.drawing;

import java.util.List;

/// Marks on white ground, the later ones above the earlier.
///
/// @param width pixels
/// @param height pixels
/// @param title for those who do not see it
public record Picture(int width, int height, String title, List<Mark> marks) {

    public Picture {
        marks = List.copyOf(marks);
    }
}
