package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ControlBudgetTest {
    private final ControlBudget budget = new ControlBudget(0);

    @Test
    void aBurstIsLeftAtFirst() {
        assertThat(budget.spend(0, Limits.MAX_CONTROL_BURST - 1)).isTrue();
        assertThat(budget.spend(0, 1)).isTrue();
        assertThat(budget.spend(0, 1)).isFalse();
    }

    @Test
    void whatCostsMoreThanIsLeftCostsNothing() {
        assertThat(budget.spend(0, Limits.MAX_CONTROL_BURST + 1)).isFalse();
        assertThat(budget.spend(0, Limits.MAX_CONTROL_BURST)).isTrue();
    }

    @Test
    void itFillsUpWithTimeToNoMoreThanABurst() {
        long second = Duration.ofSeconds(1).toNanos();

        assertThat(budget.spend(0, Limits.MAX_CONTROL_BURST)).isTrue();
        assertThat(budget.spend(second, Limits.MAX_CONTROL_PER_SECOND)).isTrue();
        assertThat(budget.spend(second, 1)).isFalse();
        assertThat(budget.spend(100 * second, Limits.MAX_CONTROL_BURST + 1)).isFalse();
        assertThat(budget.spend(100 * second, Limits.MAX_CONTROL_BURST)).isTrue();
    }
}
