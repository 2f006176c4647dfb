package dev.telltale.database;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Directories with all that lies in them. What is not there is empty, and so is what goes meanwhile. No
/// symbolic link is followed, not even one at the root, so that nothing outside is ever touched.
public final class FileTree {

    private FileTree() {}

    /// What lies in a directory itself; nothing if it is a file.
    public static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    /// Sum of the sizes of all files.
    public static long bytes(Path root) throws IOException {
        Bytes bytes = new Bytes();
        Files.walkFileTree(root, bytes);
        return bytes.sum;
    }

    /// Deletes a file, or a directory with all that lies in it.
    public static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new Deletion());
    }

    private abstract static class Visitor extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }

    private static final class Bytes extends Visitor {

        private long sum;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                sum += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }
    }

    private static final class Deletion extends Visitor {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            super.postVisitDirectory(directory, failure);
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
