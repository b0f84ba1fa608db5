package dev.rivulet.tracker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PageTest {
    private record Made(String id, long at) {}

    private static final Made OLD = new Made("a", 7);
    private static final Made LATER = new Made("c", 999);
    private static final Made OF_THE_SAME_SECOND = new Made("d", 999);
    private static final Made NEW = new Made("b", 1_000);
    private static final List<Made> ALL = List.of(OF_THE_SAME_SECOND, OLD, NEW, LATER);

    private static Page<Made> page(List<Made> all, String after, int limit) {
        return Page.newestFirst(all, after, limit, Made::at, Made::id);
    }

    @Test
    void theNewestComesFirstPageByPage() {
        Page<Made> first = page(ALL, null, 3);
        Page<Made> second = page(ALL, first.next(), 3);

        assertThat(first.items()).containsExactly(NEW, LATER, OF_THE_SAME_SECOND);
        assertThat(second.items()).containsExactly(OLD);
        assertThat(second.next()).isNull();
    }

    @Test
    void whatIsMadeOrRemovedBetweenPagesLosesNoneOfTheOthers() {
        String after = page(ALL, null, 2).next();
        List<Made> changed = new ArrayList<>(ALL);
        changed.remove(LATER);
        changed.add(new Made("e", 2_000));

        assertThat(page(changed, after, 2).items()).containsExactly(OF_THE_SAME_SECOND, OLD);
    }
}
