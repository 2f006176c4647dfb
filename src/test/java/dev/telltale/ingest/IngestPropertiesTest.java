package dev.telltale.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class IngestPropertiesTest {

    private static final SeriesKey NODE = new SeriesKey("node_load1", Labels.of(Map.of("job", "node")));
    private static final SeriesKey UP = new SeriesKey("up", Labels.NONE);

    @Test
    void keepsAllSeriesUnlessSaidOtherwise() {
        SeriesFilter filter = filter();

        assertThat(filter.keeps(NODE)).isTrue();
        assertThat(filter.keeps(UP)).isTrue();
    }

    @Test
    void keepsSeriesThatOneOfItsSelectorsMatches() {
        SeriesFilter filter = filter("keep[0]={job=\"node\"}", "keep[1]={__name__=~\"aws_.*\"}");

        assertThat(filter.keeps(NODE)).isTrue();
        assertThat(filter.keeps(new SeriesKey("aws_ec2_cpu", Labels.NONE))).isTrue();
        assertThat(filter.keeps(UP)).isFalse();
    }

    @Test
    void refusesWhatIsNoSelector() {
        assertThatThrownBy(() -> filter("keep[0]={job=}"))
                .rootCause()
                .hasMessageContaining("telltale.ingest.keep has '{job=}'");
    }

    private static SeriesFilter filter(String... settings) {
        SeriesFilter[] bound = new SeriesFilter[1];
        String[] keys = new String[settings.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "telltale.ingest." + settings[i];
        }
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(keys)
                .run(context -> bound[0] = new SeriesFilter(
                        context.getBean(IngestProperties.class).selectors(), new SimpleMeterRegistry()));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(IngestProperties.class)
    static class Bound {}
}
