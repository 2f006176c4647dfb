package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thousand callers make what may be there once: one of them does.
class ContendedNamesIT {

    private static final int CALLERS = 1_000;
    private static final String ONLY_NEW = "If-None-Match: *";

    @TempDir
    private Path directory;

    @Test
    void areTakenByOneOfAThousand() throws Exception {
        try (Service service = new Service(directory)) {
            service.send("POST", "/api/v1/series/waves/samples", waves());
            assertThat(service.send(
                                    "POST",
                                    "/api/v1/models",
                                    "{\"name\":\"m\",\"series\":[\"waves\"],\"training\":{\"epochs\":1}}",
                                    "Prefer: wait=60")
                            .statusCode())
                    .isEqualTo(201);
            for (String[] made : new String[][] {
                {"/api/v1/series/once", "{}"},
                {"/api/v1/detectors/once", "{\"model\":\"m\",\"select\":\"waves\"}"},
                {"/api/v1/receivers/once", "{\"kind\":\"alertmanager\",\"url\":\"https://198.41.0.4\"}"},
            }) {
                assertOneOf(
                        () -> service.send("PUT", made[0], made[1], ONLY_NEW).statusCode(), 201, 412, made[0]);
            }
            assertOneOf(
                    () -> service.send(
                                    "POST",
                                    "/api/v1/models",
                                    "{\"name\":\"once\",\"series\":[\"waves\"],\"training\":{\"epochs\":10000}}")
                            .statusCode(),
                    202,
                    409,
                    "models");
        }
    }

    private static void assertOneOf(Callable<Integer> request, int made, int refused, String what) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : all.invokeAll(Collections.nCopies(CALLERS, request))) {
                statuses.add(status.get());
            }
        }
        assertThat(statuses).as(what).filteredOn(status -> status == made).hasSize(1);
        assertThat(statuses).as(what).filteredOn(status -> status == refused).hasSize(CALLERS - 1);
    }

    private static String waves() {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 300; i++) {
            csv.append(1_700_000_000_000L + 60_000L * i)
                    .append(',')
                    .append(Math.sin(i / 10.0))
                    .append('\n');
        }
        return csv.toString();
    }
}
