package dev.telltale.live;

import dev.telltale.StartedRooms;
import dev.telltale.StartedService;
import dev.telltale.database.Postgres;
import dev.telltale.series.Intake;
import dev.telltale.series.Pushed;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SeriesKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The service in this process, into which samples can be pushed without a protocol.
public final class LiveService extends LiveClient {

    public static final long INTERVAL = 60_000;

    private final StartedService service;

    public LiveService(Path dataDirectory, String... settings) {
        this(new StartedService(dataDirectory, settings));
    }

    /// One of those on a database.
    ///
    /// @param more classes with beans beside those of the service
    static LiveService replica(Path dataDirectory, Postgres postgres, List<Class<?>> more, String... settings)
            throws IOException {
        List<String> all = new ArrayList<>(StartedRooms.settings(Files.createDirectories(dataDirectory), postgres));
        all.addAll(List.of(settings));
        return new LiveService(new StartedService(dataDirectory, more, all.toArray(String[]::new)));
    }

    private LiveService(StartedService service) {
        super(service.at("/"));
        this.service = service;
    }

    public <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    /// Pushes consecutive samples, a minute apart.
    public Pushed push(SeriesKey series, long start, double... values) {
        PushedSamples samples = new PushedSamples();
        int number = samples.series(series);
        for (int i = 0; i < values.length; i++) {
            samples.add(number, start + i * INTERVAL, values[i]);
        }
        return bean(Intake.class).push(samples);
    }

    @Override
    public void close() {
        service.close();
        super.close();
    }
}
