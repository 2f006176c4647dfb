package dev.telltale;

import dev.telltale.database.Postgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// The rooms that all routes share, `database`, `http` and `access`, as a service on a PostgreSQL database, with routes
/// of a test in place of those of other rooms.
public final class StartedRooms implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    /// What is started, as the application itself is but for the other rooms.
    @EnableAutoConfiguration
    @ComponentScan({"dev.telltale.problem", "dev.telltale.database", "dev.telltale.http", "dev.telltale.access"})
    static class Rooms {}

    /// @param dataDirectory made if it is not there
    /// @param routes such as other rooms have them
    /// @param settings as on the command line
    public StartedRooms(
            Path dataDirectory, Postgres postgres, RouterFunction<ServerResponse> routes, String... settings)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.addAll(settings(Files.createDirectories(dataDirectory), postgres));
        arguments.add("--server.port=0");
        arguments.add("--management.endpoint.health.validate-group-membership=false"); // some are of other rooms
        SpringApplication application = new SpringApplication(Rooms.class);
        application.addInitializers(initial -> ((GenericApplicationContext) initial)
                .registerBean("routesOfTheTest", RouterFunction.class, () -> routes));
        context = application.run(arguments.toArray(String[]::new));
    }

    /// Settings of a service on this database.
    public static List<String> settings(Path dataDirectory, Postgres postgres) {
        return List.of(
                "--telltale.data-dir=" + dataDirectory,
                "--telltale.database.url=" + postgres.url(),
                "--telltale.database.user=" + postgres.user(),
                "--telltale.database.password-file=" + postgres.passwordFile(dataDirectory));
    }

    /// A request to a path; each header is written as `Name: value`.
    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + path));
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        return request;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
