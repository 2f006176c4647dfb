package dev.telltale.live;

import dev.telltale.StartedService;
import dev.telltale.series.Intake;
import dev.telltale.series.Pushed;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SeriesKey;
import java.nio.file.Path;

/// The service in this process, into which samples can be pushed without a protocol.
public final class LiveService extends LiveClient {

    public static final long INTERVAL = 60_000;

    private final StartedService service;

    public LiveService(Path dataDirectory, String... settings) {
        this(new StartedService(dataDirectory, settings));
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
