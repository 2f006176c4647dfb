package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ResponseEntity;

class ConditionsTest {

    private static final EntityTag CURRENT = new EntityTag("7");

    @Test
    void asksForNothingWithoutHeaders() {
        assertThatCode(() -> Conditions.NONE.check(CURRENT)).doesNotThrowAnyException();
        assertThatCode(() -> Conditions.NONE.check(Optional.empty())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "*", " \"6\" , \"7\"", "\"6\",\"7\""})
    void letsAChangeOfTheNamedStatePass(String ifMatch) {
        assertThatCode(() -> new Conditions(ifMatch, null).check(CURRENT)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"6\"", "W/\"7\"", "7", "", "\"77\""})
    void refusesAChangeOfAnotherState(String ifMatch) {
        assertThatThrownBy(() -> new Conditions(ifMatch, null).check(CURRENT)).hasMessageContaining("\"7\"");
    }

    @Test
    void makesOrChangesAsTheStarSays() {
        Conditions onlyMake = new Conditions(null, "*");
        Conditions onlyChange = new Conditions("*", null);

        assertThatCode(() -> onlyMake.check(Optional.empty())).doesNotThrowAnyException();
        assertThatThrownBy(() -> onlyMake.check(CURRENT)).hasMessageContaining("If-None-Match");
        assertThatThrownBy(() -> onlyChange.check(Optional.empty())).hasMessageContaining("there is none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "W/\"7\"", "\"1\", \"7\"", "*"})
    void answersNothingNewToWhoHasTheState(String ifNoneMatch) {
        ResponseEntity<String> answer = new Conditions(null, ifNoneMatch).answer(CURRENT, () -> {
            throw new AssertionError("the body was made");
        });

        assertThat(answer.getStatusCode().value()).isEqualTo(304);
        assertThat(answer.getHeaders().getETag()).isEqualTo("\"7\"");
    }

    @Test
    void answersTheBodyToWhoHasAnotherState() {
        ResponseEntity<String> answer = new Conditions(null, "\"6\"").answer(CURRENT, () -> "body");

        assertThat(answer.getStatusCode().value()).isEqualTo(200);
        assertThat(answer.getBody()).isEqualTo("body");
        assertThat(answer.getHeaders().getETag()).isEqualTo("\"7\"");
    }

    @Test
    void tellsStatesApart() {
        assertThat(EntityTag.hashing("a")).isEqualTo(EntityTag.hashing("a")).isNotEqualTo(EntityTag.hashing("b"));
        assertThat(EntityTag.hashing("a").toString()).matches("\"[0-9a-f]{24}\"");
    }
}
