package dev.telltale.models;

import static dev.telltale.models.TestRequests.PLANTED;
import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How long plots and graphs take over HTTP, the first time and, as a median, from then on.
final class PlotsBenchmark {

    private static final int TIMES = 60;

    private PlotsBenchmark() {}

    public static void main(String[] args) throws Exception {
        try (RunningService service = new RunningService(Files.createTempDirectory("plots"))) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            service.annotate(
                    "waves",
                    "{\"annotations\":[{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}]}"
                            .formatted(START + PLANTED * STEP, START + (PLANTED + 2) * STEP));
            service.train(specification("m", "waves", 8, 50));
            service.train("{\"name\":\"a\",\"series\":[\"waves\"],\"architecture\":\"attention\","
                    + "\"windowing\":{\"length\":8},\"training\":{\"epochs\":2}}");
            for (String path : paths()) {
                measure(service, path);
            }
        }
    }

    private static List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (Plot plot : Plot.values()) {
            paths.add("m/plots/" + plot.label() + ".svg");
            paths.add("m/plots/" + plot.label() + ".png");
        }
        paths.addAll(List.of("m/graph.svg", "a/graph.svg", "a/graph.dot"));
        return paths;
    }

    private static void measure(RunningService service, String path) {
        double[] millis = new double[TIMES];
        int bytes = 0;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            HttpResponse<byte[]> answer = service.sendBytes("GET", "/api/v1/models/" + path, new byte[0]);
            millis[i] = (System.nanoTime() - start) / 1e6;
            bytes = answer.body().length;
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + answer.statusCode());
            }
        }
        double first = millis[0];
        Arrays.sort(millis);
        String line = String.format(
                Locale.ROOT, "%-32s first %6.0f ms, median %5.1f ms, %7d bytes", path, first, millis[TIMES / 2], bytes);
        System.out.println(line);
    }
}
