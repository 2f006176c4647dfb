package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Database;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls each route of the OpenAPI document once and holds the answer beside what the document says of it: the
/// status, and each field of the body with its type.
class DocumentedRoutesIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIREHOSE_KEY = "0123456789abcdef";
    private static final String WAIT = "Prefer: wait=60";

    @TempDir
    Path directory;

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Set<String> called = new TreeSet<>();
    private JsonNode document = JSON.createObjectNode();

    /// @param path with the names of its parameters in braces
    private record Operation(String method, String path, JsonNode responses) {}

    @Test
    void answersEachRouteAsTheDocumentSays() throws IOException, InterruptedException {
        try (Service service = new Service(directory, "--telltale.ingest.firehose.access-key=" + FIREHOSE_KEY)) {
            document = JSON.readTree(service.get("/v3/api-docs").body());
            document.at("/paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().forEach(method -> {
                        JsonNode operation = method.getValue();
                        operations.put(
                                operation.get("operationId").asString(),
                                new Operation(method.getKey(), path.getKey(), operation.get("responses")));
                    }));
            callSeries(service);
            callIngest(service);
            callModels(service);
            callAttention(service);
            callIngest(service);
            callLive(service);
            callAlerts(service);
            callIncidents(service);
            callJobsAndBackups(service);
            callRemovals(service);
            call(service, "listAuditEvents", "/api/v1/audit?limit=5", "");
            callKeys(service);
        }
        assertThat(called).as("routes that were called, of all in the document").isEqualTo(operations.keySet());
    }

    private void callSeries(Service service) throws IOException, InterruptedException {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 300; i++) {
            csv.append(1_704_067_200_000L + i * 60_000L)
                    .append(',')
                    .append(i % 24)
                    .append('\n');
        }
        call(service, "put", "/api/v1/series/cpu", "{\"labels\":{\"instance\":\"i-1\"},\"unit\":\"percent\"}");
        call(service, "uploadSamples", "/api/v1/series/cpu/samples", csv.toString());
        call(service, "uploadSeveralSeries", "/api/v1/uploads", "timestamp,reads,writes\n2024-01-01T00:00:00Z,1,2\n");
        JsonNode report = call(
                service,
                "uploadSeveralSeries",
                "/api/v1/uploads",
                "timestamp,reads\n2024-01-02T00:00:00Z,1\n",
                WAIT,
                "Prefer: respond-async");
        assertThat(report.isObject()).isTrue();
        call(service, "summarize", "/api/v1/summaries", csv.toString());
        call(service, "listSeries", "/api/v1/series?limit=2", "");
        call(service, "get", "/api/v1/series/cpu", "");
        call(service, "readSamples", "/api/v1/series/cpu/samples?limit=5", "");
        String annotations = "/api/v1/series/cpu/annotations";
        String range =
                "{\"start\":\"2024-01-01T04:40:00Z\",\"end\":\"2024-01-01T04:45:00Z\",\"verdict\":\"anomalous\"}";
        call(service, "replaceAnnotations", annotations, "{\"annotations\":[" + range + "]}");
        String id = call(service, "addAnnotation", annotations, range.replace(":45:", ":50:"))
                .get("id")
                .asString();
        call(service, "listAnnotations", annotations, "");
        call(service, "getAnnotation", annotations + "/" + id, "");
        call(service, "removeAnnotation", annotations + "/" + id, "");
    }

    private void callModels(Service service) throws IOException, InterruptedException {
        call(service, "describeArchitecture", "/api/v1/architectures", "{\"architecture\":{\"preset\":\"base\"}}");
        call(
                service,
                "train",
                "/api/v1/models",
                "{\"name\":\"m\",\"series\":[\"cpu\"],\"windowing\":{\"length\":4},\"training\":{\"epochs\":2}}",
                WAIT);
        String model = "/api/v1/models/m";
        call(service, "trainVersion", model + "/versions", "{\"windowing\":{\"length\":8}}", WAIT);
        call(service, "listModels", "/api/v1/models", "");
        call(service, "getModel", model, "");
        call(service, "getEvaluation", model + "/evaluation", "");
        call(service, "plot", model + "/plots/loss", "");
        call(service, "graph", model + "/graph", "");
        call(service, "graphFile", model + "/graph.dot", "");
        call(service, "score", model + "/score?explain=true", "{\"start\":\"2024-01-01T04:30:00Z\"}");
        String attentive = "{\"name\":\"attentive\",\"series\":[\"cpu\"],\"windowing\":{\"length\":4},"
                + "\"architecture\":\"attention\",\"training\":{\"epochs\":1}}";
        call(service, "train", "/api/v1/models", attentive, WAIT);
        call(service, "showModelAttention", "/api/v1/models/attentive/attention", "{}");
        String tuning = "{\"specification\":{\"name\":\"tuned\",\"series\":[\"cpu\"],\"windowing\":{\"length\":4},"
                + "\"training\":{\"epochs\":1}},\"space\":{\"length\":[4,8]},\"budget\":3}";
        call(service, "tune", "/api/v1/tuning", tuning, WAIT);
        String tuned = call(service, "listJobs", "/api/v1/jobs?kind=tuning", "")
                .at("/items/0/id")
                .asString();
        call(service, "getTuning", "/api/v1/tuning/" + tuned, "");
        call(service, "listVersions", model + "/versions", "");
        call(service, "getVersion", model + "/versions/2", "");
        call(service, "getVersionEvaluation", model + "/versions/2/evaluation", "");
        call(service, "activate", model + "/active", "{\"version\":2}");
        call(service, "getActive", model + "/active", "");
        HttpResponse<byte[]> file = service.download(model + "/artifact");
        check("exportModel", "GET", model + "/artifact", file.statusCode(), "");
        HttpResponse<String> imported = service.upload("/api/v1/models/copy/artifact", file.body());
        check("importModel", "PUT", "/api/v1/models/copy/artifact", imported.statusCode(), imported.body());
    }

    private void callAttention(Service service) throws IOException, InterruptedException {
        call(service, "attend", "/api/v1/attention", "{\"series\":\"cpu\",\"heads\":2,\"windowing\":{\"length\":4}}");
        call(service, "attentionGraph", "/api/v1/attention/graph", "");
        call(service, "attentionGraphFile", "/api/v1/attention/graph.mmd", "");
    }

    private void callIngest(Service service) throws IOException, InterruptedException {
        String nothingInSnappy = "\0";
        call(
                service,
                "remoteWrite",
                "/api/v1/ingest/prometheus/write",
                nothingInSnappy,
                "Content-Type: application/x-protobuf",
                "Content-Encoding: snappy");
        String point = "{\"timeUnixNano\":\"" + System.currentTimeMillis() + "000000\",\"asDouble\":3}";
        call(
                service,
                "exportMetrics",
                "/v1/metrics",
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"queue.length\",\"gauge\":{\"dataPoints\":["
                        + point + "]}}]}]}]}");
        call(
                service,
                "deliverFirehose",
                "/api/v1/ingest/firehose",
                "{\"requestId\":\"1\",\"timestamp\":1578090901599,\"records\":[]}",
                "X-Amz-Firehose-Access-Key: " + FIREHOSE_KEY);
    }

    private void callLive(Service service) throws IOException, InterruptedException {
        String detector = "{\"model\":\"attentive\",\"select\":\"cpu\",\"noData\":\"PT1H\",\"receivers\":[]}";
        call(service, "putDetector", "/api/v1/detectors/d", detector);
        call(service, "listDetectors", "/api/v1/detectors", "");
        call(service, "getDetector", "/api/v1/detectors/d", "");
        call(service, "listWatchedSeries", "/api/v1/detectors/d/series", "");
    }

    private void callAlerts(Service service) throws IOException, InterruptedException {
        String hook = "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\"}";
        call(service, "putReceiver", "/api/v1/receivers/hook", hook);
        call(service, "getReceiver", "/api/v1/receivers/hook", "");
        call(service, "listReceivers", "/api/v1/receivers", "");
        call(service, "deleteReceiver", "/api/v1/receivers/hook", "");
        String silence = "{\"matchers\":\"{detector=\\\"d\\\"}\",\"comment\":\"a visit\",\"recurring\":"
                + "{\"days\":[\"sunday\"],\"from\":\"22:00\",\"to\":\"04:00\",\"zone\":\"Europe/Berlin\"}}";
        String path = "/api/v1/silences/"
                + call(service, "addSilence", "/api/v1/silences", silence)
                        .get("id")
                        .asString();
        call(service, "replaceSilence", path, silence);
        call(service, "getSilence", path, "");
        call(service, "listSilences", "/api/v1/silences", "");
        call(service, "deleteSilence", path, "");
    }

    private void callIncidents(Service service) throws IOException, InterruptedException {
        find(service);
        call(service, "listAnomalies", "/api/v1/anomalies?series=cpu", "");
        call(service, "getAnomaly", "/api/v1/anomalies/901", "");
        call(service, "giveFeedback", "/api/v1/anomalies/901/feedback", "{\"verdict\":\"true\",\"note\":\"full\"}");
        call(service, "listIncidents", "/api/v1/incidents", "");
        call(service, "getIncident", "/api/v1/incidents/901", "");
        String events = "/api/v1/incidents/events";
        check("followIncidents", "GET", events, service.statusOfStream(events), "");
    }

    /// An anomaly and its incident, as if a detector had found them.
    private static void find(Service service) {
        service.bean(Database.class).write(connection -> {
            for (String sql : List.of(
                    "INSERT OR IGNORE INTO found_series VALUES (1, 'cpu', '{\"instance\":\"i-1\"}', 'percent', 60000)",
                    "INSERT INTO incident VALUES (901, 'other', 1, 0, 9, 9, 2.5, 1, 1, 2.5, 300000, '[\"pager\"]', 0)",
                    "INSERT INTO incident_series VALUES (901, 1, 2.5, 2.5)",
                    "INSERT INTO anomaly (id, incident, detector, kind, start, finish, open, peak_time, peak_score,"
                            + " peak_value, peak_expected, changed) VALUES (901, 901, 'other', 'score', 0, 9, 1, 9, 2.5, 8, 3, 0)",
                    "INSERT INTO anomaly_part (anomaly, place, series, contribution) VALUES (901, 0, 1, 1)")) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            }
            return null;
        });
    }

    private void callJobsAndBackups(Service service) throws IOException, InterruptedException {
        JsonNode jobs = call(service, "listJobs", "/api/v1/jobs", "").get("items");
        String upload = "";
        for (JsonNode job : jobs) {
            upload = job.get("kind").asString().equals("upload") ? job.get("id").asString() : upload;
        }
        call(service, "getUpload", "/api/v1/uploads/" + upload, "");
        String job = "/api/v1/jobs/" + upload;
        call(service, "getJob", job, "");
        call(service, "followJob", job + "/events", "");
        String endless =
                "{\"name\":\"endless\",\"series\":[\"cpu\"],\"training\":{\"epochs\":10000,\"earlyStopping\":null}}";
        String running =
                call(service, "train", "/api/v1/models", endless).get("id").asString();
        call(service, "cancelJob", "/api/v1/jobs/" + running, "");
        String backup =
                call(service, "backUp", "/api/v1/backups", "", WAIT).get("id").asString();
        call(service, "listBackups", "/api/v1/backups", "");
        call(service, "getBackup", "/api/v1/backups/" + backup, "");
        call(service, "deleteBackup", "/api/v1/backups/" + backup, "");
    }

    private void callRemovals(Service service) throws IOException, InterruptedException {
        call(service, "deleteDetector", "/api/v1/detectors/d", "");
        call(service, "deleteVersion", "/api/v1/models/m/versions/1", "");
        call(service, "deleteModel", "/api/v1/models/m", "");
        call(service, "delete", "/api/v1/series/cpu", "");
    }

    /// The last calls: from the first key on each of them needs it.
    private void callKeys(Service service) throws IOException, InterruptedException {
        JsonNode made = call(service, "createKey", "/api/v1/keys", "{\"name\":\"first\",\"roles\":[\"admin\"]}");
        String bearer = "Authorization: Bearer " + made.get("key").asString();
        String path = "/api/v1/keys/" + made.get("id").asString();
        call(service, "listKeys", "/api/v1/keys", "", bearer);
        call(service, "getKey", path, "", bearer);
        call(service, "revokeKey", path, "", bearer);
    }

    private JsonNode call(Service service, String operation, String path, String body, String... headers)
            throws IOException, InterruptedException {
        String method = operation(operation).method();
        HttpResponse<String> answer = service.send(method.toUpperCase(Locale.ROOT), path, body, headers);
        return check(operation, method, path, answer.statusCode(), answer.body());
    }

    /// The answer, once it is what the document says.
    private JsonNode check(String name, String method, String path, int status, String body) {
        Operation operation = operation(name);
        assertThat(operation.method()).isEqualToIgnoringCase(method);
        assertThat(path.replaceFirst("\\?.*", "")).matches(operation.path().replaceAll("\\{\\w+}", "[^/]+"));
        assertThat(status).as("%s: %s", name, body).isBetween(200, 299);
        JsonNode response = operation.responses().path(Integer.toString(status));
        assertThat(response.isMissingNode()).as("%s answers %d", name, status).isFalse();
        called.add(name);
        JsonNode content = response.path("content");
        JsonNode described = content.has("application/json") ? content.get("application/json") : content.path("*/*");
        if (!described.has("schema")) {
            return JSON.createObjectNode();
        }
        JsonNode answer = JSON.readTree(body);
        compare(name, answer, described.get("schema"));
        return answer;
    }

    private Operation operation(String name) {
        return Objects.requireNonNull(operations.get(name), name);
    }

    private void compare(String place, JsonNode answer, JsonNode schema) {
        JsonNode resolved =
                schema.has("$ref") ? document.at(schema.get("$ref").asString().substring(1)) : schema;
        if (answer.isNull() || resolved.has("oneOf") || resolved.has("allOf")) {
            return;
        }
        switch (resolved.path("type").asString("")) {
            case "object" -> compareFields(place, answer, resolved);
            case "array" -> {
                assertThat(answer.isArray()).as(place).isTrue();
                for (JsonNode item : answer) {
                    compare(place + "[]", item, resolved.get("items"));
                }
            }
            case "string" -> assertThat(answer.isString()).as(place).isTrue();
            case "boolean" -> assertThat(answer.isBoolean()).as(place).isTrue();
            case "integer" -> assertThat(answer.isIntegralNumber()).as(place).isTrue();
            case "number" -> assertThat(answer.isNumber()).as(place).isTrue();
            default -> {}
        }
        if (resolved.has("enum")) {
            assertThat(resolved.get("enum")).as(place).contains(answer);
        }
    }

    private void compareFields(String place, JsonNode answer, JsonNode schema) {
        assertThat(answer.isObject()).as(place).isTrue();
        JsonNode properties = schema.path("properties");
        answer.properties().forEach(field -> {
            String at = place + "." + field.getKey();
            if (properties.has(field.getKey())) {
                compare(at, field.getValue(), properties.get(field.getKey()));
            } else if (schema.path("additionalProperties").isObject()) {
                compare(at, field.getValue(), schema.get("additionalProperties"));
            } else {
                assertThat(properties.isMissingNode())
                        .as("%s is not in the document", at)
                        .isTrue();
            }
        });
    }
}
