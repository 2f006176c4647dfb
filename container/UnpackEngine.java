import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Lets DJL unpack the engine's native libraries into a directory, where the service finds them, and computes with them
/// once: libraries that do not fit the image fail its build.
///
///     java -cp 'lib/*' UnpackEngine.java <directory>
void main(String[] arguments) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ENGINE_CACHE_DIR", arguments[0]);
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
        float sum = manager.ones(new Shape(3)).sum().getFloat();
        if (sum != 3) {
            throw new IllegalStateException("the engine sums 1 + 1 + 1 to " + sum);
        }
    }
}
