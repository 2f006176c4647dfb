package dev.telltale.models;

import dev.telltale.database.DataDirectory;
import dev.telltale.jobs.Fence;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes exported models in. What comes is believed in nothing: it is written to a file of its own, read as
/// a saved model is read, with every check, and then saved anew, with a signature of this installation.
final class ModelImport {

    private static final Logger LOG = LoggerFactory.getLogger(ModelImport.class);
    /// No model can be named so; the models' directory is swept of it at the start.
    static final String DIRECTORY = ".importing";

    private static final int CHUNK = 1 << 16;
    private static final int MOST_TRIES = 3;

    private final Path directory;
    private final ModelStore store;
    private final ModelLimits limits;
    private final TrainingQueue trainings;
    private final Runnable requireRoom;
    private final InstantSource clock;

    /// Lets one file at a time be read: each takes the memory of its weights.
    private final ReentrantLock reading = new ReentrantLock();

    /// @param directory for files that are coming in
    /// @param requireRoom refuses to write more
    ModelImport(
            Path directory,
            ModelStore store,
            ModelLimits limits,
            TrainingQueue trainings,
            Runnable requireRoom,
            InstantSource clock) {
        this.directory = directory;
        this.store = store;
        this.limits = limits;
        this.trainings = trainings;
        this.requireRoom = requireRoom;
        this.clock = clock;
    }

    /// Saves a model file as the next version of a name, the first if there is none.
    ///
    /// @param activate whether it becomes active even if it is not the first
    /// @param mayBegin refuses by the active version that there is before; asked again when nothing can
    ///     change that
    /// @throws dev.telltale.problem.Problem if it is no model file of ours that is whole, a training of
    ///     this name is not finished, or there is no room for it
    StoredModel take(ModelName name, InputStream body, boolean activate, Consumer<Optional<StoredModel>> mayBegin)
            throws IOException {
        byte[] beginning = body.readNBytes(ForeignFormat.LOOKED_AT);
        ForeignFormat.of(beginning).ifPresent(format -> {
            throw ModelsProblem.UNSUPPORTED_MODEL_FORMAT.because(
                    "this is %s; only safetensors files that GET /api/v1/models/{name}/artifact has given are read",
                    format);
        });
        Path file = Files.createTempFile(directory(), "import", ".unfinished"); // for its owner only
        try {
            copy(beginning, body, file);
            reading.lock();
            try {
                return save(name, read(file), activate, mayBegin);
            } finally {
                reading.unlock();
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// @throws dev.telltale.problem.Problem if a link stands in its place, which would lead elsewhere
    private Path directory() throws IOException {
        if (Files.isSymbolicLink(directory)) {
            throw ModelsProblem.MODEL_NOT_SAVED.because(
                    "models/%s in the data directory is a symbolic link; remove it", DIRECTORY);
        }
        return DataDirectory.createDirectories(directory);
    }

    private StoredModel save(
            ModelName name, SavedModel foreign, boolean activate, Consumer<Optional<StoredModel>> mayBegin) {
        return trainings.unlessTraining(name, idle -> {
            mayBegin.accept(store.find(name));
            limits.check(name);
            Fence fence = connection -> {
                idle.run(connection);
                mayBegin.accept(ModelTable.active(connection, name));
                limits.check(connection, name);
            };
            int number = store.newest(name) + 1;
            for (int left = MOST_TRIES; ; left--) {
                Manifest manifest = foreign.manifest().importedAs(name, number, clock.instant());
                try {
                    return store.save(new SavedModel(manifest, foreign.weights()), activate, fence);
                } catch (Problem problem) {
                    int next = store.newest(name) + 1;
                    if (next == number || left == 1) {
                        throw problem;
                    }
                    number = next; // another process has saved a version meanwhile
                }
            }
        });
    }

    private static SavedModel read(Path file) throws IOException {
        try {
            return ModelFile.read(file);
        } catch (DamagedFileException e) {
            LOG.info("a model file that was to be imported is refused: {}", e.getMessage());
            throw ModelsProblem.INVALID_MODEL.because(
                    "this is no model file that can be used: %s. Export it again", String.valueOf(e.getMessage()));
        }
    }

    /// @throws dev.telltale.problem.Problem if it is too long, or there is no room for it
    private void copy(byte[] beginning, InputStream rest, Path file) throws IOException {
        long size = beginning.length;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            requireRoom.run();
            out.write(beginning);
            byte[] chunk = new byte[CHUNK];
            for (int count = rest.read(chunk); count >= 0; count = rest.read(chunk)) {
                size += count;
                refuseLongerThanAllowed(size);
                requireRoom.run();
                out.write(chunk, 0, count);
            }
        }
    }

    /// @param size in bytes, -1 if nobody knows
    static void refuseLongerThanAllowed(long size) {
        if (size > ModelFile.LARGEST) {
            throw ModelsProblem.MODEL_TOO_LARGE.because(
                    "a model file has at most %d bytes, this one has more", ModelFile.LARGEST);
        }
    }
}
