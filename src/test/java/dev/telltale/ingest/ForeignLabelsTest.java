package dev.telltale.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ForeignLabelsTest {

    @Test
    void namesBecomeThoseOfLabels() {
        assertThat(ForeignNames.label("service.name")).isEqualTo("service_name");
        assertThat(ForeignNames.label("Größe in %")).isEqualTo("Gr__e_in__");
        assertThat(ForeignNames.label("5xx")).isEqualTo("key_5xx");
        assertThat(ForeignNames.label("")).isEqualTo("key_");
        assertThat(ForeignNames.label("__name__")).isEqualTo("key___name__");
        assertThat(ForeignNames.label("..name--")).isEqualTo("key___name__");
    }

    @Test
    void namesBecomeThoseOfSeries() {
        assertThat(ForeignNames.series("system.cpu-time:x")).isEqualTo("system.cpu-time:x");
        assertThat(ForeignNames.series("http/server requests")).isEqualTo("http_server_requests");
        assertThat(ForeignNames.series("5xx")).isEqualTo("_5xx");
        assertThat(ForeignNames.series(".x")).isEqualTo("_x");
        assertThat(ForeignNames.series("")).isEmpty();
    }

    @Test
    void theSameNameAgainReplacesAndNamesThatBecomeOneAreJoinedInTheirOrder() {
        ForeignLabels labels = new ForeignLabels()
                .put("a.b", "0")
                .put("a_b", "2")
                .put("a.b", "1")
                .put("c", "");
        assertThat(labels.labels()).hasToString("{a_b=\"1;2\"}");
        assertThat(new ForeignLabels(labels).put("c", "3").labels()).hasToString("{a_b=\"1;2\",c=\"3\"}");
        assertThat(labels.labels()).hasToString("{a_b=\"1;2\"}");
    }

    @Test
    void moreThanFortyAreRefused() {
        ForeignLabels labels = new ForeignLabels();
        for (int i = 0; i < 41; i++) {
            labels.put("a" + i, "x");
        }
        assertThatThrownBy(labels::labels).hasMessageContaining("up to 40 labels");
    }
}
