package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class StoragePropertiesTest {

    private static final long GIGABYTE = 1L << 30;

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void leavesATwentiethOfTheDiskFreeAndAtLeastTwoHundredMegabytes() {
        runner.run(context -> {
            FreeSpace.Bound bound = context.getBean(StorageProperties.class).bound();
            assertThat(bound.of(GIGABYTE)).isEqualTo(200 << 20);
            assertThat(bound.of(100 * GIGABYTE)).isEqualTo(5 * GIGABYTE);
        });
    }

    @Test
    void takesEachValue() {
        runner.withPropertyValues("telltale.storage.min-free=8MB", "telltale.storage.min-free-share=0.25")
                .run(context -> assertThat(context.getBean(StorageProperties.class))
                        .isEqualTo(new StorageProperties(DataSize.ofMegabytes(8), 0.25)));
    }

    @Test
    void canBeTurnedOff() {
        runner.withPropertyValues("telltale.storage.min-free=0", "telltale.storage.min-free-share=0")
                .run(context -> assertThat(
                                context.getBean(StorageProperties.class).bound().of(GIGABYTE))
                        .isZero());
    }

    @Test
    void refusesBadValuesAndNames() {
        for (String bad : new String[] {
            "telltale.storage.min-free=-1MB",
            "telltale.storage.min-free-share=0.91",
            "telltale.storage.min-free-share=-0.1",
            "telltale.storage.min-free-share=NaN",
            "telltale.storage.minimum=1MB"
        }) {
            runner.withPropertyValues(bad).run(context -> assertThat(context).hasFailed());
        }
    }

    @Configuration
    @EnableConfigurationProperties(StorageProperties.class)
    static class Bound {}
}
