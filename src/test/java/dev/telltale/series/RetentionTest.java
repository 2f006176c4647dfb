package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class RetentionTest {

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int DAYS = 4_000;

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;
    private long id;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new ChunkedSeriesStore.Limits(100, 10_000, 1_000_000));
        id = store.findOrCreate(new SeriesKey("daily", Labels.NONE)).id();
        long[] times = LongStream.range(0, DAYS).map(day -> day * DAY).toArray();
        store.append(ReadUpload.of(new Samples(times, new double[DAYS])), new long[] {id}, OnConflict.REFUSE);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        held.close();
    }

    @Test
    void removesWholeChunksAndCountsTheirSamples() {
        retention("90d").run();

        // Seven chunks of 512 and a last one of 416, which holds all of the 90 days.
        assertThat(store.read(id, Long.MIN_VALUE, Long.MAX_VALUE).count()).isEqualTo(DAYS - 7 * Chunk.FULL);
        assertThat(meters.get("telltale.retention.removed").counter().count()).isEqualTo(7 * Chunk.FULL);
    }

    @Test
    void keepsAllWhereItIsSwitchedOff() {
        retention("0").run();

        assertThat(store.read(id, Long.MIN_VALUE, Long.MAX_VALUE).count()).isEqualTo(DAYS);
    }

    @Test
    void isNinetyDaysUnlessSaidOtherwise() {
        assertThat(bind()).isEqualTo(new RetentionProperties(Duration.ofDays(90)));
        assertThat(bind("telltale.retention=36h").retention()).isEqualTo(Duration.ofHours(36));
        assertThat(bind("telltale.retention=0").retention()).isZero();
        assertThatThrownBy(() -> bind("telltale.retention=-1d")).rootCause().hasMessageContaining("telltale.retention");
        assertThatThrownBy(() -> bind("telltale.retention=long")).rootCause().hasMessageContaining("long");
    }

    private Retention retention(String setting) {
        return new Retention(store, bind("telltale.retention=" + setting).retention(), new SeriesMeters(meters));
    }

    private static RetentionProperties bind(String... settings) {
        RetentionProperties[] bound = new RetentionProperties[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings)
                .run(context -> bound[0] = context.getBean(RetentionProperties.class));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(RetentionProperties.class)
    static class Bound {}
}
