package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

    private static final String LONGEST = "123456789012345678901234567890123456789012345678901234567890123";

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "disk-writes", "a.b_c-d", LONGEST})
    void takesLowerCaseLettersDigitsDotsAndDashes(String name) {
        assertThat(new ModelName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "a\\b",
                "-a",
                ".a",
                "_a",
                "A",
                "a..b",
                "ä",
                "a b",
                "a\u0000",
                LONGEST + "4"
            })
    void refusesWhatCouldLeaveADirectory(String name) {
        assertThatThrownBy(() -> new ModelName(name)).isInstanceOf(Problem.class);
    }
}
