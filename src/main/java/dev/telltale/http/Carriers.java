package dev.telltale.http;

/// The threads of the operating system that virtual threads run on. A virtual thread keeps its carrier while it
/// computes, so with one for each core, which is what Java has, health and refusals would wait until scores are
/// computed. With more of them the operating system shares the cores out by time.
public final class Carriers {

    private static final String NUMBER = "jdk.virtualThreadScheduler.parallelism";
    private static final int FOR_EACH_CORE = 4;

    private Carriers() {}

    /// Provides them, unless the command line says how many; to be called before the first virtual thread is made.
    public static void provide() {
        if (System.getProperty(NUMBER) == null) {
            int cores = Runtime.getRuntime().availableProcessors();
            System.setProperty(NUMBER, Integer.toString(FOR_EACH_CORE * cores));
        }
    }
}
