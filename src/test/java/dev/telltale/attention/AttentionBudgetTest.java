package dev.telltale.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.telltale.problem.Problem;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttentionBudgetTest {

    /// The defaults of the settings.
    private final AttentionBudget budget = new AttentionBudget(4_096, 512L << 20);

    @Test
    void asManyRowsAsTheLimitFitInOneHeadAlsoWithAMask() {
        assertThat(input(4_096, 1, true).bytes()).isGreaterThan(3L * 4_096 * 4_096 * Double.BYTES);
        budget.lease(input(4_096, 1, true)).close();
    }

    @Test
    void theSameRowsInSeveralHeadsDoNot() {
        Problem problem = catchThrowableOfType(Problem.class, () -> budget.lease(input(4_096, 8, false)));

        assertThat(problem.type()).isEqualTo(AttentionProblem.ATTENTION_TOO_LARGE);
        assertThat(problem)
                .hasMessageContaining("4096 rows in 8 heads take 20")
                .hasMessageContaining("at most 512 MiB");
    }

    @Test
    void whatOthersHoldIsThereAgainWhenTheyCloseIt() {
        AttentionInput half = input(4_096, 1, false);
        AttentionBudget.Lease first = budget.lease(half);
        assertThatThrownBy(() -> budget.lease(half)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(AttentionProblem.ATTENTION_OVERLOADED);
            assertThat(problem.retryAfter()).isPresent();
        });
        first.close();

        budget.lease(half).close();
    }

    @Test
    void refusesOneRowMoreThanTheLimit() {
        budget.checkRows(4_096);
        assertThatThrownBy(() -> budget.checkRows(4_097)).hasMessageContaining("at most 4096 may");
    }

    private static AttentionInput input(int rows, int heads, boolean causal) {
        Projection projection = new Projection(new Matrix(1, 8, new double[8]), Optional.empty());
        return new AttentionInput(
                new Matrix(rows, 1, new double[rows]),
                projection,
                projection,
                projection,
                Optional.empty(),
                OutputActivation.IDENTITY,
                heads,
                causal ? Optional.of(AttentionMask.causal(rows)) : Optional.empty());
    }
}
