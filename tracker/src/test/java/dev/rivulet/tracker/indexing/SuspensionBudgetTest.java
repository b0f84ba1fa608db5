package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.url;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SuspensionBudgetTest {
    private static final long NOW = 1_000_000;

    private final SuspensionBudget budget = new SuspensionBudget();

    @Test
    void oneNetworkCanSuspendOnlySoMuch() {
        for (int i = 0; i < SuspensionBudget.PER_NETWORK; i++) {
            assertThat(budget.take(url("https://content.example/" + i), 1, NOW)).isTrue();
        }

        assertThat(budget.take(url("https://content.example/more"), 1, NOW)).isFalse();
        assertThat(budget.take(url("https://content.example/more"), 2, NOW)).isTrue();
        assertThat(budget.take(url("https://content.example/later"), 1, NOW + SuspensionBudget.WINDOW_MS))
                .isTrue();
    }

    @Test
    void oneSiteCanSufferOnlySoMuch() {
        for (int i = 0; i < SuspensionBudget.PER_SITE; i++) {
            assertThat(budget.take(url("https://content.example/" + i), i, NOW)).isTrue();
        }

        assertThat(budget.take(url("https://content.example/more"), 1000, NOW)).isFalse();
    }

    @Test
    void entryThatTurnedOutRightIsTrustedForAWhile() {
        SiteUrl url = url("https://content.example/a");
        budget.confirmed(url, NOW);

        assertThat(budget.take(url, 1, NOW + SuspensionBudget.TRUSTED_MS - 1)).isFalse();
        assertThat(budget.take(url, 1, NOW + SuspensionBudget.TRUSTED_MS)).isTrue();
    }
}
