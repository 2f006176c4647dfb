package dev.telltale.live;

import dev.telltale.TelltaleApplication;
import dev.telltale.series.Intake;
import dev.telltale.series.Pushed;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SeriesKey;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The service in this process, into which samples can be pushed without a protocol.
public final class LiveService extends LiveClient {

    public static final long INTERVAL = 60_000;

    private final ConfigurableApplicationContext context;

    public LiveService(Path dataDirectory, String... settings) {
        this(start(dataDirectory, settings));
    }

    private LiveService(ConfigurableApplicationContext context) {
        super(URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")));
        this.context = context;
    }

    private static ConfigurableApplicationContext start(Path dataDirectory, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--telltale.data-dir=" + dataDirectory);
        return SpringApplication.run(TelltaleApplication.class, arguments.toArray(String[]::new));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
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
        context.close();
        super.close();
    }
}
