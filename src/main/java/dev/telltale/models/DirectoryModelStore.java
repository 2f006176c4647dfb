package dev.telltale.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.telltale.database.ChangeListener;
import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.FileTree;
import dev.telltale.database.SqlWork;
import dev.telltale.http.Conditions;
import dev.telltale.jobs.Fence;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Models in files `{name}/{version}/model.safetensors` of one directory and a row each in the database.
/// The row is the commit point: a file comes before its row and goes after it, so that a file without a
/// row is an unfinished save or delete, and swept at the start. Beside each file lies its signature.
///
/// Where several processes share the database, the directory is a copy of what this one uses: a file that is not there,
/// or not the one that the row tells of, is fetched.
class DirectoryModelStore implements ModelStore {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryModelStore.class);
    static final String DIRECTORY = "models";

    private static final String FILE = "model.safetensors";
    private static final String FETCHED = ".fetched";
    /// One of 10,000 epochs takes a megabyte.
    private static final int MOST_MANIFESTS = 64;
    private static final int MOST_ACTIVE = 10_000;
    private static final Duration ACTIVE_FOR = Duration.ofSeconds(1);

    private final Path directory;
    private final Database database;
    private final ModelTable table;
    private final DamagedModels damaged;
    private final ModelSignature signature;
    private final ModelFiles files;
    private final ReentrantLock changing = new ReentrantLock();

    /// Of versions read lately, by their ids.
    private final Cache<Long, Manifest> manifests = Caffeine.newBuilder()
            .maximumSize(MOST_MANIFESTS)
            .executor(Runnable::run)
            .build();

    /// The active versions of models, as they were lately; of use where others share the database.
    private final Cache<ModelName, StoredModel> active = Caffeine.newBuilder()
            .maximumSize(MOST_ACTIVE)
            .expireAfterWrite(ACTIVE_FOR)
            .executor(Runnable::run)
            .build();

    private final KeyedLocks<Long> reading = new KeyedLocks<>();
    private final KeyedLocks<Long> fetching = new KeyedLocks<>();

    /// One whose files are all in the directory.
    ///
    /// @param dataDirectory holds the key and the models' directory
    /// @param damaged is told what is found to be so
    DirectoryModelStore(Path dataDirectory, Database database, DamagedModels damaged) {
        this(dataDirectory, database, damaged, ModelFiles.LOCAL, Changes.on(database));
    }

    /// @param files of all processes on the database
    /// @param changes that these make
    DirectoryModelStore(
            Path dataDirectory, Database database, DamagedModels damaged, ModelFiles files, Changes changes) {
        this.damaged = damaged;
        this.files = files;
        this.directory = dataDirectory.resolve(DIRECTORY);
        this.database = database;
        this.table = new ModelTable(database, changes);
        changes.listen(ModelTable.CHANGE, new ActiveFollower());
        changes.listen(ModelTable.GONE, new GoneFollower());
        try {
            DataDirectory.createDirectories(directory);
            sweep();
            this.signature = ModelSignature.of(dataDirectory);
            if (signature.isNew()) {
                if (!files.areShared()) { // what lies there without a signature is fetched anew
                    signAll();
                }
                signature.keep();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the models' directory cannot be used", e);
        }
    }

    @Override
    public StoredModel save(SavedModel model, boolean activate, Fence fence) {
        Manifest manifest = model.manifest();
        changing.lock();
        try {
            if (manifest.version() <= table.newest(manifest.name())) {
                throw ModelTable.exists(manifest.name(), manifest.version());
            }
            Optional<Path> link = link(manifest.name(), manifest.version());
            if (link.isPresent()) {
                throw new NotDirectoryException(link.get() + " is a symbolic link");
            }
            // The manifest is small beside what stays free.
            database.requireRoom(model.weights().count() * Float.BYTES);
            String sha256 = ModelFile.write(file(manifest.name(), manifest.version()), manifest, model.weights());
            signature.sign(directory(manifest.name(), manifest.version()), manifest.name(), manifest.version(), sha256);
            DataDirectory.force(directory.resolve(manifest.name().value()));
            DataDirectory.force(directory);
            Optional<UUID> kept = files.keep(file(manifest.name(), manifest.version()));
            // If this fails nobody knows whether the row is there. The file stays: the next save of this
            // version overwrites it, or the next start sweeps it.
            return table.insert(manifest, sha256, activate, kept, fence);
        } catch (IOException e) {
            LOG.error("model {} could not be written", manifest.name(), e);
            throw ModelsProblem.MODEL_NOT_SAVED.because(
                    "model '%s' could not be written to the data directory; is there room left?", manifest.name());
        } finally {
            active.invalidate(manifest.name());
            changing.unlock();
        }
    }

    @Override
    public StoredModel lately(ModelName name) {
        return files.areShared() ? active.get(name, this::get) : get(name);
    }

    @Override
    public Optional<StoredModel> find(ModelName name) {
        return table.active(name);
    }

    @Override
    public Optional<StoredModel> find(ModelName name, int version) {
        return table.version(name, version);
    }

    @Override
    public int newest(ModelName name) {
        return table.newest(name);
    }

    @Override
    public int models() {
        return table.models();
    }

    @Override
    public int versions(ModelName name) {
        return table.versions(name);
    }

    @Override
    public List<StoredModel> list(String after, int limit) {
        return table.list(after, limit);
    }

    @Override
    public List<StoredModel> versions(ModelName name, int before, int limit) {
        return table.versions(name, before, limit);
    }

    @Override
    public StoredModel activate(ModelName name, int version, Conditions conditions) {
        try {
            return table.activate(name, version, conditions).orElseThrow(() -> missing(name, version));
        } finally {
            active.invalidate(name);
        }
    }

    @Override
    public SavedModel load(StoredModel model) {
        try {
            SavedModel saved = found(model);
            manifests.put(model.id(), saved.manifest());
            damaged.sound(model);
            return saved;
        } catch (DamagedFileException e) {
            throw lost(model, String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw lost(model, "it is not there", e);
        } catch (IOException e) {
            throw lost(model, "it cannot be read", e);
        }
    }

    @Override
    public ModelArtifact open(StoredModel model) {
        load(model);
        try {
            Path file = file(model.name(), model.version());
            return new ModelArtifact(Files.size(file), Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw lost(model, "it cannot be read", e);
        }
    }

    @Override
    public Manifest manifest(StoredModel model) {
        return known(model)
                .orElseGet(() -> reading.locked(
                        model.id(),
                        () -> known(model).orElseGet(() -> load(model).manifest())));
    }

    private Optional<Manifest> known(StoredModel model) {
        return Optional.ofNullable(manifests.getIfPresent(model.id()));
    }

    @Override
    public List<StoredModel> delete(ModelName name, Conditions conditions, SqlWork<?> check) {
        changing.lock();
        try {
            List<StoredModel> versions = table.delete(name, conditions, check);
            deleteFiles(directory.resolve(name.value()));
            versions.forEach(damaged::forget);
            return versions;
        } finally {
            active.invalidate(name);
            changing.unlock();
        }
    }

    @Override
    public StoredModel delete(StoredModel model, SqlWork<?> check) {
        changing.lock();
        try {
            if (table.delete(model, check)) {
                deleteFiles(directory(model.name(), model.version()));
                damaged.forget(model);
            } else if (isThere(model)) {
                throw ModelsProblem.VERSION_ACTIVE.because(
                        "version %d is the active one of model '%s'; activate another before, or delete the model",
                        model.version(), model.name());
            }
            return model;
        } finally {
            changing.unlock();
        }
    }

    /// Hears which models have another active version.
    private final class ActiveFollower implements ChangeListener {

        @Override
        public void changed(String name) {
            active.invalidate(new ModelName(name));
        }

        @Override
        public void all() {
            active.invalidateAll();
        }
    }

    /// Hears of versions that were deleted. Copies of which it does not hear are swept at the next start.
    private final class GoneFollower implements ChangeListener {

        @Override
        public void changed(String subject) {
            ModelTable.Gone gone = ModelTable.Gone.parse(subject);
            active.invalidate(gone.name());
            manifests.invalidate(gone.id());
            damaged.forget(gone.id());
            // A save may hold the lock for long.
            Thread.ofVirtual().name("model-gone").start(() -> deleteCopy(gone));
        }

        @Override
        public void all() {
            active.invalidateAll();
            manifests.invalidateAll();
        }
    }

    /// Deletes the copy of a version that another process deleted, unless there is one of its name and number again.
    private void deleteCopy(ModelTable.Gone gone) {
        changing.lock();
        try {
            if (table.version(gone.name(), gone.version()).isEmpty()) {
                deleteFiles(directory(gone.name(), gone.version()));
            }
        } catch (RuntimeException e) {
            LOG.info(
                    "the copy of model {} version {} is left over until the next start: {}",
                    gone.name(),
                    gone.version(),
                    e.getMessage());
        } finally {
            changing.unlock();
        }
    }

    /// What to say of a version whose file cannot be read.
    private Problem lost(StoredModel model, String reason, Exception cause) {
        manifests.invalidate(model.id());
        if (!isThere(model)) {
            damaged.forget(model);
            return missing(model.name(), model.version()); // it was deleted meanwhile
        }
        damaged.found(model, reason, cause);
        return ModelsProblem.MODEL_CORRUPT.because(
                "version %d of model '%s' cannot be used, its file is damaged: %s. Restore the file,"
                        + " or delete the model and train it again",
                model.version(), model.name(), reason);
    }

    private boolean isThere(StoredModel model) {
        return table.version(model.name(), model.version())
                .filter(found -> found.id() == model.id())
                .isPresent();
    }

    private Path file(ModelName name, int version) {
        return directory(name, version).resolve(FILE);
    }

    private Path directory(ModelName name, int version) {
        return directory.resolve(name.value()).resolve(Integer.toString(version));
    }

    /// A symbolic link in the place of a version's directory or of the one above it, which would lead elsewhere.
    private Optional<Path> link(ModelName name, int version) {
        return Stream.of(directory.resolve(name.value()), directory(name, version))
                .filter(Files::isSymbolicLink)
                .findFirst();
    }

    private SavedModel read(StoredModel model) throws IOException, DamagedFileException {
        if (link(model.name(), model.version()).isPresent()) {
            throw new DamagedFileException("a symbolic link stands in the place of its directory");
        }
        return ModelFile.read(file(model.name(), model.version()), model.sha256());
    }

    /// The file in the directory, or if that is not whole the one that was kept for all processes.
    private SavedModel found(StoredModel model) throws IOException, DamagedFileException {
        try {
            return signed(model);
        } catch (DamagedFileException | NoSuchFileException notHere) {
            if (!fetch(model)) {
                throw notHere;
            }
            return signed(model);
        }
    }

    private SavedModel signed(StoredModel model) throws IOException, DamagedFileException {
        SavedModel saved = read(model);
        signature.check(directory(model.name(), model.version()), model.name(), model.version(), model.sha256());
        return saved;
    }

    /// Puts the file that was kept for all processes into the directory. It is believed no more than any other.
    ///
    /// @return whether there was one
    private boolean fetch(StoredModel model) throws IOException {
        if (!files.areShared() || link(model.name(), model.version()).isPresent()) {
            return false;
        }
        try {
            return fetching.locked(model.id(), () -> {
                try {
                    return fetchNow(model);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean fetchNow(StoredModel model) throws IOException {
        Path place = DataDirectory.createDirectories(directory(model.name(), model.version()));
        Path fetched = place.resolve(FILE + FETCHED);
        Files.deleteIfExists(fetched); // of a process that was cut short
        try {
            try (FileChannel out = DataDirectory.createFile(fetched)) {
                if (!files.fetch(model, out)) {
                    return false;
                }
                out.force(true);
            }
            Files.move(fetched, place.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fetched);
        }
        signature.sign(place, model.name(), model.version(), model.sha256());
        LOG.info("model {} version {} is fetched from the database", model.name(), model.version());
        return true;
    }

    /// Signs what the first release has saved, which signed nothing, with a key that is kept only then. A
    /// file that does not fit its row gets no signature; whoever asks for it hears what is wrong with it.
    private void signAll() throws IOException {
        String after = "";
        while (true) {
            List<StoredModel> models = table.list(after, MOST_MANIFESTS);
            for (StoredModel active : models) {
                after = active.name().value();
                for (StoredModel model : table.versions(active.name(), Integer.MAX_VALUE, Integer.MAX_VALUE)) {
                    try {
                        read(model);
                        signature.sign(
                                directory(model.name(), model.version()),
                                model.name(),
                                model.version(),
                                model.sha256());
                    } catch (DamagedFileException | NoSuchFileException e) {
                        LOG.warn("model {} version {} is damaged: {}", model.name(), model.version(), e.getMessage());
                    }
                }
            }
            if (models.isEmpty()) {
                return;
            }
        }
    }

    /// Deletes files without a row. A row without a file is kept: it tells whoever asks for the model that
    /// it is lost, and `delete` removes it.
    private void sweep() throws IOException {
        for (Path ofName : FileTree.children(directory)) {
            for (Path ofVersion : FileTree.children(ofName)) {
                if (!table.has(
                        ofName.getFileName().toString(), ofVersion.getFileName().toString())) {
                    LOG.info("sweeping {}: it was never finished or is deleted", directory.relativize(ofVersion));
                    FileTree.delete(ofVersion);
                }
            }
            if (FileTree.children(ofName).isEmpty()) {
                FileTree.delete(ofName);
            }
        }
    }

    /// Those of models whose rows are gone.
    private void deleteFiles(Path root) {
        try {
            FileTree.delete(root);
        } catch (IOException e) {
            LOG.warn("the deleted {} is left over until the next start", directory.relativize(root), e);
        }
    }
}
