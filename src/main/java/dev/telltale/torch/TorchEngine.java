package dev.telltale.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PyTorch through DJL: loaded once per process, in the background, and kept off the network.
public final class TorchEngine {

    private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);

    private final CompletableFuture<Engine> engine = new CompletableFuture<>();
    private final int threads;

    private TorchEngine(int threads) {
        this.threads = threads;
    }

    /// Begins to load the engine, which takes seconds, and returns at once.
    ///
    /// @param threads native threads that one operation may use
    /// @param libraries where the native libraries are unpacked
    /// @throws EngineMayGoOnline if the environment overrides what keeps DJL offline
    public static TorchEngine start(int threads, Path libraries, Map<String, String> environment) {
        String offline = environment.getOrDefault("DJL_OFFLINE", "true");
        if (!Boolean.parseBoolean(offline)) {
            throw new EngineMayGoOnline(offline);
        }
        // DJL reads these when its first class loads: nothing of it may be touched before.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ENGINE_CACHE_DIR", libraries.toString());
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false"); // concerns TorchScript, which is refused
        TorchEngine started = new TorchEngine(threads);
        Thread.ofPlatform().name("torch-loader").daemon().start(started::load);
        return started;
    }

    @SuppressWarnings("CatchingUnchecked") // also what native loading throws: an Error of the linker
    private void load() {
        try {
            Engine loaded = Engine.getEngine("PyTorch");
            try (NDManager manager = loaded.newBaseManager()) {
                manager.zeros(new Shape(1)).close(); // the first operation initialises more
            }
            engine.complete(loaded);
        } catch (Exception | LinkageError e) {
            LOG.error("The engine could not be loaded: nothing is trained until the next start", e);
            engine.completeExceptionally(e);
        }
    }

    /// Whether operations can run.
    public boolean ready() {
        return engine.isDone() && !engine.isCompletedExceptionally();
    }

    /// A scope for arrays, to be closed by the caller. Waits until the engine is loaded.
    ///
    /// @throws dev.telltale.problem.Problem if it could not be loaded
    public NativeScope newScope() {
        return new NativeScope(loaded().newBaseManager());
    }

    /// Makes the calling thread fit for operations: the engine keeps these settings per thread, and a
    /// new thread would remember every operation for a gradient.
    public void prepareThread() {
        loaded();
        JniUtils.setGradMode(false);
        JniUtils.setNumThreads(threads);
    }

    /// The engine itself, waited for until it is loaded.
    public Engine loaded() {
        try {
            return engine.join();
        } catch (CompletionException e) {
            throw TorchProblem.ENGINE_UNAVAILABLE.because(
                    "the engine did not start: %s; restart the service when that is mended", reason(e));
        }
    }

    /// What computes here, by name, and decides with the data and the seed every bit that a training learns: the
    /// versions of Java, DJL and PyTorch, the threads of an operation, the processor and its vector instructions.
    /// Waits until the engine is loaded.
    public Map<String, String> provenance() {
        Processor processor = Processor.current(System.getenv());
        return Map.of(
                "java",
                Runtime.version().toString(),
                "djl",
                Engine.getDjlVersion(),
                "pytorch",
                loaded().getVersion(),
                "threads",
                Integer.toString(threads),
                "processor",
                processor.name(),
                "vectors",
                processor.vectors());
    }

    private static Throwable reason(CompletionException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    /// Arrays that the engine holds for this process now; 0 before it is loaded.
    public int arrays() {
        if (!ready()) {
            return 0;
        }
        try (NDManager leaf = loaded().newBaseManager()) {
            return leaf.getParentManager().getManagedArrays().size();
        }
    }
}
