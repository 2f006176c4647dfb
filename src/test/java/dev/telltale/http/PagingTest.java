package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {

    @Test
    void handsOutACursorWhileMoreFollows() {
        Page<Long> page = Paging.of("series", 2, null).page(List.of(3L, 5L, 8L), String::valueOf);

        assertThat(page.items()).containsExactly(3L, 5L);
        assertThat(Paging.of("series", 2, page.next()).afterId()).isEqualTo(5);
    }

    @Test
    void endsWithoutACursor() {
        assertThat(Paging.of("series", 2, null)
                        .page(List.of(3L, 5L), String::valueOf)
                        .next())
                .isNull();
    }

    @Test
    void refusesTheCursorOfAnotherList() {
        String next = Paging.of("models", 1, null)
                .page(List.of("a", "b"), name -> name)
                .next();

        assertThatThrownBy(() -> Paging.of("series", 1, next)).hasMessageContaining("not one of this list");
        assertThatThrownBy(() -> Paging.of("series", 1, "%%%")).hasMessageContaining("not one of this list");
    }

    @Test
    void refusesACursorThatHoldsNul() {
        String forged = new Cursor("models", "a\0").encode();

        assertThatThrownBy(() -> Paging.of("models", 1, forged)).hasMessageContaining("not one of this list");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1_001, 1_000_000_000})
    void refusesLimitsOutsideOfOneToAThousand(int limit) {
        assertThatThrownBy(() -> Paging.of("series", limit, null)).hasMessageContaining("limit must be 1 to 1000");
    }
}
