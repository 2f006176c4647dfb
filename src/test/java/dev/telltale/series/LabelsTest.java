package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelsTest {

    @Test
    void areEqualWhateverOrderTheyCameIn() {
        Labels labels = Labels.of(Map.of("a", "1", "b", "2", "c", ""));

        assertThat(Labels.parse("b=2,a=1")).isEqualTo(labels).hasSameHashCodeAs(labels);
        assertThat(Labels.parse("b=1,a=2")).isNotEqualTo(labels);
        assertThat(Labels.NONE).isNotEqualTo(labels).isEqualTo(Labels.of(Map.of()));
    }

    @Test
    void haveDifferentHashesWhereFewDigitsDiffer() {
        Set<Integer> hashes = new HashSet<>();
        for (int cpu = 0; cpu < 10; cpu++) {
            for (int mode = 0; mode < 10; mode++) {
                for (int host = 0; host < 100; host++) {
                    hashes.add(Labels.of(Map.of("cpu", "" + cpu, "mode", "m" + mode, "instance", "10.0.0." + host))
                            .hashCode());
                }
            }
        }
        assertThat(hashes).hasSizeGreaterThan(9_990);
    }
}
