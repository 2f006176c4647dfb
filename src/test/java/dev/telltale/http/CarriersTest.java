package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CarriersTest {

    private static final String NUMBER = "jdk.virtualThreadScheduler.parallelism";

    private final Optional<String> before = Optional.ofNullable(System.getProperty(NUMBER));

    @BeforeEach
    void forget() {
        System.clearProperty(NUMBER);
    }

    @AfterEach
    void restore() {
        System.clearProperty(NUMBER);
        before.ifPresent(number -> System.setProperty(NUMBER, number));
    }

    @Test
    void areMoreThanThereAreCores() {
        Carriers.provide();
        assertThat(Integer.parseInt(System.getProperty(NUMBER)))
                .isGreaterThan(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void areAsManyAsTheCommandLineSays() {
        System.setProperty(NUMBER, "3");
        Carriers.provide();
        assertThat(System.getProperty(NUMBER)).isEqualTo("3");
    }
}
