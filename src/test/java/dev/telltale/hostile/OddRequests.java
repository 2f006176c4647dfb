package dev.telltale.hostile;

import static dev.telltale.http.RawRequest.gzip;
import static dev.telltale.http.RawRequest.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.telltale.ingest.Mutations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests made at random: one that an operation of the OpenAPI document takes, changed in one to three places.
/// The same seed makes the same request, but for what the service itself has given its name.
final class OddRequests {

    /// Values as they stand in JSON, some of which are none.
    private static final List<String> ODD_VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1",
            "2",
            "1.5",
            "-0.0",
            "1e999",
            "-1e999",
            "1e-400",
            "1e308",
            "NaN",
            "Infinity",
            "2147483648",
            "-9223372036854775809",
            "9".repeat(40),
            "1" + "0".repeat(1_200),
            "\"\"",
            "\" \"",
            "\"NaN\"",
            "\"1\"",
            "\"../x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\u202e\"",
            "\"\\u001b[31m\"",
            "\"\ufeff\"",
            "\"'; DROP TABLE series; --\"",
            "\"${jndi:ldap://127.0.0.1/x}\"",
            "\"=cmd()\"",
            "\"" + "x".repeat(5_000) + "\"",
            "\"2026-02-30T00:00:00Z\"",
            "\"2016-12-31T23:59:60Z\"",
            "1393695240",
            "1e20",
            "\"+999999999-01-01T00:00:00Z\"",
            "\"PT-1S\"",
            "\"P9999999999D\"",
            "\"{a=~\\\"(\\\"}\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "{\"\":null}",
            "[".repeat(40) + "]".repeat(40),
            "[".repeat(3_000),
            "{\"a\":".repeat(600),
            "tru",
            "'a'",
            "0x1p3",
            "\"\t\"",
            "");

    private static final List<String> ODD_TEXTS = List.of(
            "",
            "%20",
            "0",
            "-1",
            "1e9",
            "99999999999999999999",
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e",
            "%00",
            "%0d%0aX:%20y",
            "%ff",
            "%zz",
            "%",
            "a%20b",
            "%E2%80%AE",
            "%F0%9F%98%80",
            "NaN",
            "null",
            "true",
            "*",
            "';--",
            "%22",
            "%7B%7D",
            "x".repeat(300),
            "nobody",
            "Good",
            "CON",
            "a..b",
            ";v=1",
            "%3Bv=1",
            "%2525",
            "+",
            "2024-13-01",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "-999999999999999",
            "score:watch",
            "score:nobody",
            "%7Ba%3D~%22(%22%7D",
            "cpu%7B",
            "__name__",
            "a=1,a=2",
            "Mars%2FOlympus",
            "bW9kZWxzOjE");

    private static final List<String> ODD_TYPES = List.of(
            "text/html",
            "text/plain",
            "text/csv",
            "application/json",
            "application/x-ndjson",
            "multipart/form-data",
            "multipart/form-data;boundary=x",
            "application/zip",
            "application/octet-stream",
            "application/xml",
            "application/json;charset=utf-16",
            "application/json;charset=nothing",
            "text/csv; charset=latin1",
            "json",
            "*/*",
            "application/x-protobuf",
            "application/x-www-form-urlencoded",
            "a/b;c=\"",
            ";",
            "text/csv;header=absent");

    private static final List<String> ODD_ACCEPTS = List.of(
            "text/html",
            "image/png",
            "image/svg+xml",
            "text/csv",
            "application/x-ndjson",
            "*/*;q=0",
            "application/json;q=2",
            "nothing",
            "/",
            "a/b;",
            "text/*",
            "application/*;q=0.1, text/csv",
            "text/event-stream",
            "\"",
            "text/vnd.graphviz");

    private static final List<String> ODD_HEADERS = List.of(
            "Idempotency-Key: one",
            "Idempotency-Key: ",
            "Idempotency-Key: " + "k".repeat(256),
            "Idempotency-Key: \u00fc",
            "If-Match: *",
            "If-Match: \"stale\"",
            "If-Match: W/\"stale\"",
            "If-Match: stale",
            "If-None-Match: *",
            "If-None-Match: \"a\", \"b\"",
            "If-Match: \"\u0001\"",
            "Prefer: wait=0",
            "Prefer: wait=-1",
            "Prefer: wait=x",
            "Prefer: respond-async",
            "Prefer: respond-async, wait=1",
            "Prefer: wait=1",
            "Prefer: " + "a,".repeat(500),
            "Last-Event-ID: -1",
            "Last-Event-ID: x",
            "Last-Event-ID: 99999999999999999999",
            "Range: bytes=0-1",
            "Expect: 100-continue",
            "Expect: 200-ok",
            "X-Forwarded-For: 1.2.3.4",
            "X-Forwarded-Host: evil.example",
            "X-HTTP-Method-Override: DELETE",
            "Origin: https://evil.example",
            "Cookie: a=b; JSESSIONID=1",
            "X: \u001b[31m",
            "X: " + "a".repeat(9_000),
            "Content-Encoding: gzip",
            "Content-Encoding: br",
            "Content-Encoding: identity",
            "Content-Encoding: gzip, gzip",
            "Accept-Encoding: gzip;q=0, *;q=0",
            "Accept-Charset: utf-16",
            "no colon",
            ": empty",
            "Sp ace: x",
            "Authorization: Basic !!!",
            "Authorization: Bearer tt_1_x",
            "Authorization: Nothing",
            "X-Amz-Firehose-Access-Key: wrong",
            "X-Amz-Firehose-Request-Id: \u0001",
            "Content-Type: text/csv",
            "X-Prometheus-Remote-Write-Version: 9",
            "TE: trailers",
            "Upgrade: h2c",
            "Connection: close, TE");

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "FOO");

    /// Bodies of these may have fields that the service does not know: their senders are others' programs.
    private static final Set<String> LENIENT = Set.of("deliverFirehose", "exportMetrics", "remoteWrite");

    /// How many a request has: mostly one, so that what is wrong is not seen before it.
    private static final List<Integer> CHANGES = List.of(0, 1, 1, 1, 1, 1, 1, 2, 2, 3);

    private static final String RAW = "\ue000";

    private final Api api;
    private final World world;
    private final Random random;

    OddRequests(Api api, World world, Random random) {
        this.api = api;
        this.world = world;
        this.random = random;
    }

    /// The next request.
    Wire next() {
        Api.Operation operation =
                api.operations().get(random.nextInt(api.operations().size()));
        while (operation.id().equals("backUp") && random.nextInt(20) > 0) {
            operation = api.operations().get(random.nextInt(api.operations().size())); // each copies all that there is
        }
        Wire wire = right(operation);
        wire.changes.add(operation.id());
        for (int changes = CHANGES.get(random.nextInt(CHANGES.size())); changes > 0; changes--) {
            change(wire, operation);
        }
        return wire;
    }

    /// A request that the operation takes, as far as its description tells.
    Wire right(Api.Operation operation) {
        Wire wire = new Wire(operation.method(), path(operation));
        if (!operation.bodyTypes().isEmpty()) {
            body(wire, operation, one(operation.bodyTypes()));
        }
        if (operation.id().equals("deliverFirehose")) {
            wire.setHeader("X-Amz-Firehose-Access-Key", OddRequestsIT.FIREHOSE_KEY);
            wire.setHeader("X-Amz-Firehose-Request-Id", "ed4acda5-034f-9f42-bba1-f29aea6d7d8f");
        }
        return wire;
    }

    private String path(Api.Operation operation) {
        boolean reads = operation.method().equals("GET");
        String path = operation.path();
        List<String> parts = List.of(path.split("/", -1));
        String room = parts.size() > 3 ? parts.get(3) : "";
        path = path.replaceFirst("\\{annotationId}", world.annotation)
                .replaceFirst("\\{version}", one(List.of("1", "2")))
                .replaceFirst("\\{suffix}", one(List.of("svg", "dot", "mmd")))
                .replaceFirst(
                        "\\{plot}",
                        one(List.of("loss", "accuracy", "score.png", "reconstruction-error", "precision-recall.svg")));
        String thing = switch (room) {
            case "series" -> reads ? one(List.of(World.SERIES, "1", "odd_1")) : one(World.ODD_SERIES);
            case "models" ->
                reads || path.endsWith("/score") || path.endsWith("/attention")
                        ? one(List.of(World.MODEL, "attentive", "odd-1"))
                        : one(World.ODD_NAMES);
            case "detectors" -> reads ? "watch" : one(World.ODD_NAMES);
            case "receivers" -> reads ? "pager" : one(World.ODD_NAMES);
            case "silences" -> reads ? world.silence : Integer.toString(2 + random.nextInt(200));
            case "jobs" -> one(List.of(world.job, world.tuning, Integer.toString(1 + random.nextInt(200))));
            case "uploads" -> world.upload;
            case "tuning" -> world.tuning;
            case "backups" -> reads ? world.backup : Integer.toString(50 + random.nextInt(200));
            default -> "901";
        };
        return path.replaceFirst("\\{(id|name)}", thing);
    }

    private void body(Wire wire, Api.Operation operation, String type) {
        switch (type) {
            case "application/json" -> wire.json(json(operation).toString());
            case "multipart/form-data" -> wire.body(utf8("""
                                --x\r
                                Content-Disposition: form-data; name="file"; filename="a.csv"\r
                                \r
                                timestamp,value
                                2024-01-01T00:00:00Z,1
                                \r
                                --x--\r
                                """), "multipart/form-data; boundary=x");
            case "application/x-protobuf" -> protobuf(wire, operation);
            case "application/octet-stream" -> wire.body(world.model, type);
            default -> wire.body(utf8(example(operation, type).asString("timestamp,value\n1704067200000,1\n")), type);
        }
    }

    private void protobuf(Wire wire, Api.Operation operation) {
        if (operation.id().equals("remoteWrite")) {
            byte[] v1 = Pushes.v1("pushed_" + random.nextInt(5), System.currentTimeMillis(), 1)
                    .toByteArray();
            byte[] v2 = Pushes.v2(new String[] {"", "__name__", "pushed_2"}, new int[] {1, 2})
                    .toByteArray();
            boolean first = random.nextBoolean();
            wire.body(Pushes.snappy(first ? v1 : v2), first ? Pushes.V1 : Pushes.V2);
            wire.setHeader("Content-Encoding", "snappy");
        } else {
            wire.body(Otlp.gauge("queue.length", System.currentTimeMillis()), "application/x-protobuf");
        }
    }

    private JsonNode json(Api.Operation operation) {
        JsonNode example = example(operation, "application/json").deepCopy();
        if (example instanceof ObjectNode body) {
            switch (operation.id()) {
                case "train" -> quick(body).put("name", "odd-model-" + random.nextInt(8));
                case "trainVersion" -> quick(body);
                case "tune" -> {
                    body.put("budget", 3);
                    body.set("space", Target.JSON.readTree("{\"length\":[4,8]}"));
                    body.set(
                            "specification",
                            Target.JSON.readTree(World.specification("odd-tuned-" + random.nextInt(8), "")));
                }
                case "deliverFirehose" -> {
                    String record = """
                            {"metric_stream_name":"s","account_id":"1","region":"eu-west-1","namespace":"AWS/EC2",\
                            "metric_name":"CPUUtilization","dimensions":{"InstanceId":"i-1"},"timestamp":%d,\
                            "value":{"max":3,"min":1,"sum":4,"count":2},"unit":"Percent"}
                            """.formatted(System.currentTimeMillis());
                    String data = Base64.getEncoder().encodeToString(utf8(record));
                    body.set("records", Target.JSON.readTree("[{\"data\":\"" + data + "\"}]"));
                }
                case "createKey" -> body.remove("name"); // with a key there is, this caller would be nobody
                case "putReceiver" -> body.put("url", "https://198.41.0.4/");
                default -> {}
            }
        }
        return example;
    }

    /// What is trained in no time.
    private static ObjectNode quick(ObjectNode specification) {
        specification.set("training", Target.JSON.readTree("{\"epochs\":1}"));
        specification.set("windowing", Target.JSON.readTree("{\"length\":4}"));
        if (specification.has("series")) {
            specification.set("series", Target.JSON.readTree("[\"" + World.SERIES + "\"]"));
        }
        return specification;
    }

    /// One of the examples of a body, or a value made by its schema.
    private JsonNode example(Api.Operation operation, String type) {
        JsonNode body = operation.body(type);
        if (body.has("examples")) {
            List<JsonNode> examples = body.get("examples").valueStream().toList();
            return one(examples).get("value");
        }
        return body.has("example") ? body.get("example") : made("", body.path("schema"), 0);
    }

    private JsonNode made(String name, JsonNode reference, int depth) {
        JsonNode schema = api.resolved(reference);
        String known = switch (name) {
            case "model" -> World.MODEL;
            case "select" -> World.SERIES;
            case "start" -> "2024-01-01T00:10:00Z";
            case "end" -> "2024-01-01T00:20:00Z";
            default -> "";
        };
        if (!known.isEmpty()) {
            return Target.JSON.getNodeFactory().stringNode(known);
        }
        if (schema.has("enum")) {
            return one(schema.get("enum").valueStream().toList());
        }
        if (schema.has("example") && !name.equals("receivers")) {
            return schema.get("example");
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> {
                ObjectNode object = Target.JSON.createObjectNode();
                schema.path("properties").properties().forEach(property -> {
                    if (depth < 4) {
                        object.set(property.getKey(), made(property.getKey(), property.getValue(), depth + 1));
                    }
                });
                yield object;
            }
            case "array" -> {
                ArrayNode list = Target.JSON.createArrayNode();
                yield name.equals("receivers") ? list : list.add(made(name, schema.path("items"), depth + 1));
            }
            case "integer", "number" -> Target.JSON.getNodeFactory().numberNode(1);
            case "boolean" -> Target.JSON.getNodeFactory().booleanNode(true);
            default -> Target.JSON.getNodeFactory().stringNode("a");
        };
    }

    private void change(Wire wire, Api.Operation operation) {
        int dice = random.nextInt(100);
        if (wire.hasBody && dice < 55 && !wire.mustRefuse && wire.method.equals(operation.method())) {
            changeBody(wire, operation);
        } else if (dice < 70) {
            changeQuery(wire, operation);
        } else if (dice < 80) {
            changePath(wire);
        } else if (dice < 92) {
            changeHeaders(wire);
        } else if (dice < 95) {
            String method = one(METHODS);
            if (operation.method().equals("GET") && method.equals("DELETE")) {
                method = "PROPFIND"; // what is read stays
            }
            wire.changes.add("method " + method);
            wire.method = method;
            wire.mustRefuse = false; // of the body of another method
        } else {
            changeFraming(wire);
        }
    }

    private void changeBody(Wire wire, Api.Operation operation) {
        boolean isJson = wire.headers.contains("Content-Type: application/json") && wire.body.length > 0;
        JsonNode tree = isJson ? tree(wire) : Target.JSON.missingNode();
        if (tree.isContainer() && random.nextInt(10) < 8) {
            changeTree(wire, operation, tree);
        } else if (wire.bodyText().startsWith("timestamp") && random.nextBoolean()) {
            changeCell(wire);
        } else {
            wire.changes.add("bytes of the body");
            wire.body = random.nextInt(10) == 0 ? new byte[0] : Mutations.of(wire.body, random);
        }
    }

    private static JsonNode tree(Wire wire) {
        try {
            return Target.JSON.readTree(wire.body);
        } catch (RuntimeException isBrokenAlready) {
            return Target.JSON.missingNode();
        }
    }

    private void changeTree(Wire wire, Api.Operation operation, JsonNode tree) {
        List<JsonNode> containers = new ArrayList<>();
        collect(tree, containers);
        JsonNode place = one(containers);
        String raw = one(ODD_VALUES);
        String before = "";
        String after = "";
        if (place instanceof ObjectNode object) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.isEmpty() ? "a" : one(names);
            switch (random.nextInt(8)) {
                case 0 -> {
                    object.remove(name);
                    wire.changes.add("no " + name);
                }
                case 1 -> {
                    object.put("unheardOf", true);
                    wire.changes.add("a property that nobody knows");
                    wire.mustRefuse |= place.equals(tree) && !LENIENT.contains(operation.id());
                }
                case 2 -> {
                    before = "\"" + RAW + "\":true";
                    after = "\"" + name + "\":" + object.get(name) + ",\"" + name + "\":null";
                    object.remove(name);
                    object.put(RAW, true);
                    wire.changes.add(name + " twice");
                    wire.mustRefuse |= !LENIENT.contains(operation.id());
                }
                default -> {
                    before = "\"" + RAW + "\"";
                    after = raw;
                    object.put(name, RAW);
                    wire.changes.add(name + " is " + shortened(raw));
                }
            }
        } else if (place instanceof ArrayNode list) {
            before = "\"" + RAW + "\"";
            after = raw;
            if (!list.isEmpty() && random.nextInt(4) == 0) {
                JsonNode item = list.get(0);
                for (int i = 1 + random.nextInt(300); i > 0; i--) {
                    list.add(item);
                }
                wire.changes.add("an item again and again");
            } else if (!list.isEmpty() && random.nextBoolean()) {
                list.set(
                        random.nextInt(list.size()),
                        Target.JSON.getNodeFactory().stringNode(RAW));
                wire.changes.add("an item is " + shortened(raw));
            } else {
                list.add(RAW);
                wire.changes.add("one more item, " + shortened(raw));
            }
        }
        String text = tree.toString();
        wire.json(before.isEmpty() ? text : text.replace(before, after));
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private void changeCell(Wire wire) {
        String[] lines = wire.bodyText().split("\n", -1);
        int line = random.nextInt(lines.length);
        String[] cells = lines[line].split(",", -1);
        String cell = one(ODD_VALUES).replace("\\u0000", "\0").replace("\"", random.nextBoolean() ? "\"" : "");
        cells[random.nextInt(cells.length)] = cell;
        lines[line] = String.join(",", cells);
        wire.body = String.join(random.nextInt(4) == 0 ? "\r" : "\n", lines).getBytes(StandardCharsets.UTF_8);
        wire.changes.add("a cell is " + shortened(cell));
    }

    private void changeQuery(Wire wire, Api.Operation operation) {
        List<String> known = api.parameters(operation, "query");
        String name = known.isEmpty() || random.nextInt(6) == 0
                ? one(List.of("unheardOf", "limit", "", "%00", "a[b]", "limit%20"))
                : one(known);
        String value = random.nextInt(8) == 0
                ? URLEncoder.encode(shortened(one(ODD_VALUES)), StandardCharsets.UTF_8)
                : one(ODD_TEXTS);
        String parameter = random.nextInt(12) == 0 ? name : name + "=" + value;
        wire.query.add(parameter);
        if (random.nextInt(12) == 0) {
            wire.query.add(parameter);
        }
        wire.changes.add("query " + parameter);
    }

    private void changePath(Wire wire) {
        String[] parts = wire.path.split("/", -1);
        int part = parts.length < 5 ? parts.length - 1 : 4 + random.nextInt(parts.length - 4);
        String value = one(ODD_TEXTS);
        switch (random.nextInt(6)) {
            case 0 -> parts[part] = parts[part] + value;
            case 1 ->
                parts[part] = parts[part] + one(List.of("/", "//", "/.", "/..", ";a=b", "?", "#a", ".json", "%2f"));
            case 2 -> parts[part] = parts[part].toUpperCase(Locale.ROOT);
            default -> parts[part] = value;
        }
        wire.path = String.join("/", parts);
        wire.changes.add("path " + wire.path);
    }

    private void changeHeaders(Wire wire) {
        switch (random.nextInt(4)) {
            case 0 -> {
                String type = one(ODD_TYPES);
                wire.changes.add("Content-Type " + type);
                wire.setHeader("Content-Type", type);
            }
            case 1 -> {
                String accepted = one(ODD_ACCEPTS);
                wire.changes.add("Accept " + accepted);
                wire.setHeader("Accept", accepted);
            }
            default -> {
                String header = one(ODD_HEADERS);
                wire.changes.add("header " + shortened(header));
                wire.headers.add(header);
            }
        }
    }

    private void changeFraming(Wire wire) {
        int length = wire.body.length;
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                boolean plain = random.nextBoolean();
                wire.changes.add(plain ? "chunks" : "chunks with extensions");
                wire.body = plain ? chunked(wire.body, 7, "") : chunked(wire.body, 50, ";a=\"b\"");
                wire.hasBody = true;
                wire.framing = "Transfer-Encoding: chunked";
            }
            case 2, 3 -> {
                boolean whole = random.nextBoolean();
                wire.changes.add(whole ? "gzip" : "gzip cut short");
                byte[] zipped = gzip(wire.body);
                wire.body = whole ? zipped : Arrays.copyOf(zipped, zipped.length / 2);
                wire.setHeader("Content-Encoding", "gzip");
            }
            case 4 -> {
                wire.changes.add("a broken chunk");
                wire.body = utf8(
                        one(List.of("zz\r\n", "-1\r\n", "ffffffffffffffffff\r\nabc", "5\r\nabcdefgh\r\n0\r\n\r\n")));
                wire.framing = "Transfer-Encoding: chunked";
                wire.isFramed = false;
            }
            case 5 -> {
                wire.changes.add("lengths that contradict each other");
                wire.framing = "Content-Length: " + length + "\r\nContent-Length: " + (length + 1);
                wire.isFramed = false;
            }
            case 6 -> {
                wire.changes.add("a length that is none");
                wire.framing = "Content-Length: " + one(List.of("-1", "x", "0x10", "1e3", "99999999999999999999", ""));
                wire.isFramed = false;
            }
            default -> {
                wire.changes.add("an odd transfer coding");
                wire.framing = "Transfer-Encoding: " + one(List.of("xchunked", "gzip, chunked", "identity, identity"));
                wire.isFramed = false;
            }
        }
    }

    private static byte[] chunked(byte[] body, int size, String extension) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length; at += size) {
            int length = Math.min(size, body.length - at);
            chunks.append(Integer.toHexString(length))
                    .append(extension)
                    .append("\r\n")
                    .append(new String(body, at, length, ISO_8859_1))
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString().getBytes(ISO_8859_1);
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
