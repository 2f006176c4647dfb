package dev.telltale;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The service in this process as users run it, on a free port.
public final class StartedService implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    /// @param settings as on the command line
    public StartedService(Path dataDirectory, String... settings) {
        this(dataDirectory, List.of(), settings);
    }

    /// @param more classes with beans beside those of the service
    /// @param settings as on the command line
    public StartedService(Path dataDirectory, List<Class<?>> more, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--telltale.data-dir=" + dataDirectory);
        context = new SpringApplicationBuilder(TelltaleApplication.class)
                .sources(more.toArray(Class<?>[]::new))
                .run(arguments.toArray(String[]::new));
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /// The address of a path.
    public URI at(String path) {
        return URI.create("http://127.0.0.1:" + port()).resolve(path);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /// All of a type, in the order in which the service asks them.
    public <T> List<T> beans(Class<T> type) {
        return context.getBeanProvider(type).orderedStream().toList();
    }

    /// A request with these headers, each written as `Name: value`.
    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        return request;
    }

    @Override
    public void close() {
        context.close();
    }
}
