package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/// What holds for every route that reads, found in the service's own OpenAPI document.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ReadingRoutesIT {

    @TempDir
    private static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Json JSON = new Json();

    @LocalServerPort
    private int port;

    private JsonNode paths;

    /// A route that reads, its variables filled in, and its query parameters.
    private record Route(String path, List<String> parameters) {}

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @BeforeEach
    void readTheDocument() {
        String csv = "timestamp,value\n1393695240000,1\n";
        send(request("/api/v1/series/known/samples")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
        paths = JSON.mapper()
                .readTree(send(request("/v3/api-docs").GET()).body())
                .get("paths");
        assertThat(routes()).hasSizeGreaterThan(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/png"})
    void refuseToAnswerInATypeThatTheyDoNotWrite(String type) {
        Stream<Route> routes =
                routes().filter(route -> send(request(route.path()).GET()).statusCode() == 200);

        assertThat(routes).hasSizeGreaterThan(5).allSatisfy(route -> {
            HttpResponse<String> answer =
                    send(request(route.path()).header("Accept", type).GET());

            assertProblem(answer, 406, "not-acceptable");
        });
    }

    @Test
    void answerHeadAsTheyAnswerGet() {
        routes().forEach(route -> {
            HttpResponse<String> get = send(request(route.path()).GET());
            HttpResponse<String> head = send(request(route.path()).HEAD());

            assertThat(head.statusCode()).as(route.path()).isEqualTo(get.statusCode());
            assertThat(head.headers().firstValue("Content-Type"))
                    .isEqualTo(get.headers().firstValue("Content-Type"));
            assertThat(head.body()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretty", "pretty=true"})
    void layOutJsonForPeople(String pretty) {
        Stream<Route> routes =
                routes().filter(route -> isJson(send(request(route.path()).GET())));

        assertThat(routes).hasSizeGreaterThan(7).allSatisfy(route -> {
            String plain = send(request(route.path()).GET()).body();
            HttpResponse<String> answer =
                    send(request(route.path() + "?" + pretty).GET());

            assertThat(answer.body()).startsWith("{\n  \"").endsWith("\n}\n");
            assertThat(JSON.mapper().readTree(answer.body()))
                    .isEqualTo(JSON.mapper().readTree(plain));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs/99?pretty", // application/problem+json
                "/api/v1/jobs?pretty&limit=0",
                "/nothing/here?pretty",
                "/actuator/health?pretty" // application/vnd.spring-boot.actuator.v3+json
            })
    void layOutJsonOfEachKindForPeople(String address) {
        HttpResponse<String> answer = send(request(address).GET());

        assertThat(answer.body()).startsWith("{\n  \"").endsWith("\n}\n");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).contains("+json");
    }

    @Test
    void leaveTheLayoutOfJsonToMachinesUnlessAsked() {
        assertThat(send(request("/api/v1/jobs?pretty=false").GET()).body()).isEqualTo("{\"items\":[],\"next\":null}");
        assertProblem(send(request("/api/v1/jobs?pretty=yes").GET()), 400, "invalid-parameter");
        HttpResponse<String> csv = send(request("/api/v1/series/known/samples?pretty")
                .header("Accept", "text/csv")
                .GET());
        assertThat(csv.body()).isEqualTo("timestamp,value\n2014-03-01T17:34:00Z,1.0\n");
    }

    @Test
    void refuseCursorsOfOtherLists() {
        List<String> lists = routes().filter(route -> route.parameters().contains("cursor"))
                .map(Route::path)
                .toList();

        assertThat(lists).hasSizeGreaterThan(2).allSatisfy(list -> {
            for (String kind : List.of("series", "models", "jobs")) {
                if (!list.endsWith(kind)) {
                    String cursor = new Cursor(kind, "1").encode();
                    assertProblem(send(request(list + "?cursor=" + cursor).GET()), 400, "bad-cursor");
                }
            }
            for (String cursor : List.of("", "1", "%25", new Cursor("", "1").encode())) {
                assertProblem(send(request(list + "?cursor=" + cursor).GET()), 400, "bad-cursor");
            }
        });
    }

    @Test
    void linkFromOnePartOfAListToTheNext() {
        for (String name : List.of("link.a", "link.b", "link.c")) {
            send(request("/api/v1/series/" + name)
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("{}")));
        }
        String list = "/api/v1/series?match=%7B__name__%3D~%22link.*%22%7D&limit=2";
        HttpResponse<String> first = send(request(list).GET());
        String link = first.headers().firstValue("Link").orElseThrow();
        assertThat(link).startsWith("<" + list + "&cursor=").endsWith(">; rel=\"next\"");

        HttpResponse<String> last =
                send(request(link.substring(1, link.indexOf('>'))).GET());
        assertThat(JSON.mapper().readTree(last.body()).at("/items/0/name").asString())
                .isEqualTo("link.c");
        assertThat(last.headers().firstValue("Link")).isEmpty();
    }

    @Test
    void refuseParametersThatTheyDoNotKnow() {
        routes().forEach(route ->
                assertProblem(send(request(route.path() + "?nonsense=1").GET()), 400, "unknown-parameter"));
    }

    @Test
    void refuseParametersThatStandTwice() {
        routes().forEach(route -> route.parameters().forEach(name -> {
            String query = "?" + name + "=1&" + name + "=1";

            assertThat(send(request(route.path() + query).GET()).statusCode())
                    .as(route.path() + query)
                    .isEqualTo(400);
        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "1.5", "1e3", "1e9", "0x10", "%2B1", "2147483648", "9223372036854775808", "many"})
    void refuseLimitsThatAreNoNumberOfItems(String limit) {
        List<Route> limited =
                routes().filter(route -> route.parameters().contains("limit")).toList();

        assertThat(limited).hasSizeGreaterThan(3);
        limited.forEach(route -> {
            HttpResponse<String> answer =
                    send(request(route.path() + "?limit=" + limit).GET());

            assertProblem(answer, 400, "invalid-parameter");
            assertThat(JSON.mapper().readTree(answer.body()).get("detail").asString())
                    .startsWith("limit ");
        });
    }

    @Test
    void leadWhoOpensTheRootToTheDocument() {
        HttpResponse<String> answer = send(request("/").GET());

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/swagger-ui.html");
    }

    private Stream<Route> routes() {
        return paths.propertyStream()
                .filter(path -> path.getValue().has("get"))
                .filter(path -> !path.getKey().equals("/api/v1/incidents/events")) // which never ends
                .map(path -> new Route(
                        path.getKey().replaceAll("\\{[a-zA-Z]+}", "known"),
                        path.getValue()
                                .get("get")
                                .path("parameters")
                                .valueStream()
                                .filter(parameter ->
                                        parameter.path("in").asString("").equals("query"))
                                .map(parameter -> parameter.get("name").asString())
                                .toList()));
    }

    private static boolean isJson(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").contains("json");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.statusCode()).as(answer.uri().toString()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.mapper().readTree(answer.body()).get("type").asString()).isEqualTo("/problems/" + type);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
