package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertTest {

    @Test
    void isNamedByItsDetectorAndItsSeries() {
        Alert alert = new Alert(7, "disk_writes", Map.of("instance", "i-1"), 4.5, 1);
        assertThat(alert.labels("disks"))
                .containsExactlyEntriesOf(new java.util.TreeMap<>(Map.of(
                        "alertname", "TelltaleAnomaly",
                        "detector", "disks",
                        "instance", "i-1",
                        "metric", "disk_writes")));
    }

    @Test
    void labelsOfTheSeriesMakeRoomForItsOwnAndNoneIsLost() {
        Alert alert = new Alert(
                7,
                "m",
                Map.of("detector", "smoke", "exported_detector", "fire", "alertname", "x", "metric", "y"),
                4.5,
                1);
        assertThat(alert.labels("disks"))
                .containsEntry("detector", "disks")
                .containsEntry("exported_detector", "fire")
                .containsEntry("exported_exported_detector", "smoke")
                .containsEntry("exported_alertname", "x")
                .containsEntry("exported_metric", "y")
                .hasSize(7);
    }

    @Test
    void anIncidentIsOneGroupOfBoundedSize() {
        String[] instances = IntStream.range(0, 250).mapToObj(i -> "i-" + i).toArray(String[]::new);
        AlertGroup group = Grouping.of(Incidents.lasting(3, List.of(), instances));
        assertThat(group.alerts()).hasSize(100);
        assertThat(group.alerts().getFirst().labels()).containsEntry("instance", "i-0");
        assertThat(group.involved()).isEqualTo(250);
        assertThat(group.incident()).isEqualTo(3);
    }
}
