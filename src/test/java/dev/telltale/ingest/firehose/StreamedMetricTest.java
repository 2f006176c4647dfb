package dev.telltale.ingest.firehose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.ingest.KeptSamples;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.series.PushedView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StreamedMetricTest {

    private final KeptSamples samples = new KeptSamples(new SeriesFilter(List.of(), new SimpleMeterRegistry()));

    @Test
    void statisticsAreNamedBehindTheMetric() {
        metric("Disk % used", Map.of(), Map.of("TM(25%:75%)", 1.0, "p99.9", 2.0))
                .addTo(samples, Map.of());
        assertThat(PushedView.samples(samples.samples()).keySet())
                .allMatch(key -> key.endsWith("{account_id=\"1\",namespace=\"N\",region=\"r\"}"))
                .extracting(key -> key.substring(0, key.indexOf('{')))
                .containsExactly("Disk___used_TM_25p_75p", "Disk___used_p99.9");
    }

    @Test
    void openBoundsOfStatisticsAreToldApart() {
        List<String> statistics =
                List.of("TM(:90%)", "TM(90%:)", "TM(:90)", "TM(90:)", "PR(:300)", "PR(300:)", "PR(-5:5)", "PR(5:5)");
        metric("m", Map.of(), statistics.stream().collect(Collectors.toMap(name -> name, name -> 1.0)))
                .addTo(samples, Map.of());
        assertThat(PushedView.samples(samples.samples()).keySet())
                .extracting(key -> key.substring(0, key.indexOf('{')))
                .containsExactlyInAnyOrder(
                        "m_TM__90p",
                        "m_TM_90p_",
                        "m_TM__90",
                        "m_TM_90_",
                        "m_PR__300",
                        "m_PR_300_",
                        "m_PR_-5_5",
                        "m_PR_5_5");
    }

    @Test
    void statisticsThatWouldShareASeriesAreRefused() {
        StreamedMetric metric = metric("m", Map.of(), Map.of("a b", 1.0, "a_b", 2.0));
        assertThatThrownBy(() -> metric.addTo(samples, Map.of())).hasMessageContaining("both be the series m_a_b");
        assertThat(samples.samples().count()).isZero();
    }

    @Test
    void thereIsNoAverageOfNothing() {
        metric("m", Map.of(), Map.of("count", 0.0, "sum", 0.0)).addTo(samples, Map.of());
        assertThat(PushedView.samples(samples.samples()).keySet())
                .extracting(key -> key.substring(0, key.indexOf('{')))
                .containsExactly("m_count", "m_sum");
    }

    @Test
    void aDimensionThatIsNamedAsOneOfOursSharesItsLabel() {
        metric("m", Map.of("region", "x", "Load Balancer", "y"), Map.of("max", 1.0))
                .addTo(samples, Map.of("stage", "prod"));
        assertThat(PushedView.samples(samples.samples()))
                .containsOnlyKeys(
                        "m_max{Load_Balancer=\"y\",account_id=\"1\",namespace=\"N\",region=\"r;x\",stage=\"prod\"}");
    }

    private static StreamedMetric metric(String name, Map<String, String> dimensions, Map<String, Double> statistics) {
        return new StreamedMetric("1", "r", "N", name, dimensions, 1_704_067_200_000L, statistics);
    }
}
