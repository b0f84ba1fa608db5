package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.url;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.tracker.indexing.FetchQueue.Bounds;
import dev.rivulet.tracker.indexing.FetchQueue.Next;
import dev.rivulet.tracker.indexing.FetchTask.Reason;
import org.junit.jupiter.api.Test;

final class FetchQueueTest {
    private static final SiteUrl A = url("https://one.example/a");
    private static final SiteUrl B = url("https://one.example/b");
    private static final SiteUrl C = url("https://one.example/c");
    private static final SiteUrl ELSEWHERE = url("https://two.example/a");
    private static final long SPACING_MS = 250;

    private final FetchQueue queue = new FetchQueue(new Bounds(3, 4, 4));

    @Test
    void emptyQueueIsIdle() {
        assertThat(queue.next(0)).isEqualTo(new Next.Idle());
    }

    @Test
    void taskStartsWhenItsTimeHasCome() {
        add(A, 100);

        assertThat(queue.next(99)).isEqualTo(new Next.Wait(100));
        assertThat(start(100)).isEqualTo(A);
        assertThat(queue.next(100)).isEqualTo(new Next.Idle());
    }

    @Test
    void manyAskersMakeOneFetch() {
        add(A, 100);
        add(A, 200);
        start(100);
        add(A, 300);

        finish(A, 400);

        assertThat(queue.next(1000)).isEqualTo(new Next.Idle());
    }

    @Test
    void contradictionOutweighsAndHastensWhatWaits() {
        add(A, 100);
        queue.add(new FetchTask(A, Reason.CONTRADICTED, 10));

        Next.Start start = (Next.Start) queue.next(10);
        assertThat(start.task().reason()).isEqualTo(Reason.CONTRADICTED);
    }

    @Test
    void contradictionOfWhatIsBeingFetchedIsLookedAtAfterwards() {
        add(A, 0);
        start(0);
        queue.add(new FetchTask(A, Reason.CONTRADICTED, 0));
        assertThat(queue.next(1000)).isEqualTo(new Next.Idle());

        finish(A, 1000);

        assertThat(((Next.Start) queue.next(1000)).task().reason()).isEqualTo(Reason.CONTRADICTED);
    }

    @Test
    void requestsAtOneOriginAreSpaced() {
        add(A, 0);
        add(B, 0);

        start(0);

        assertThat(queue.next(0)).isEqualTo(new Next.Wait(SPACING_MS));
        assertThat(start(SPACING_MS)).isEqualTo(B);
    }

    @Test
    void busyOriginDoesNotHoldUpOthers() {
        add(A, 0);
        add(B, 0);
        add(C, 0);
        add(ELSEWHERE, 1);
        start(0);
        start(SPACING_MS);

        assertThat(start(2 * SPACING_MS)).isEqualTo(ELSEWHERE);
        finish(A, 3 * SPACING_MS);
        assertThat(start(3 * SPACING_MS)).isEqualTo(C);
    }

    @Test
    void noMoreThanAllowedAreUnderWay() {
        FetchQueue narrow = new FetchQueue(new Bounds(1, 4, 4));
        narrow.add(new FetchTask(A, Reason.MISSING, 0));
        narrow.add(new FetchTask(ELSEWHERE, Reason.MISSING, 0));

        narrow.next(0);
        assertThat(narrow.next(0)).isEqualTo(new Next.Idle());

        narrow.finished(new FetchTask(A, Reason.MISSING, 0), 0);
        assertThat(narrow.next(0)).isInstanceOf(Next.Start.class);
    }

    @Test
    void fullQueueRefusesOthersButNotTheSame() {
        for (int i = 0; i < 4; i++) {
            assertThat(queue.add(new FetchTask(url("https://one.example/" + i), Reason.MISSING, 0)))
                    .isTrue();
        }

        assertThat(queue.add(new FetchTask(A, Reason.MISSING, 0))).isFalse();
        assertThat(queue.add(new FetchTask(url("https://one.example/0"), Reason.MISSING, 0)))
                .isTrue();
    }

    private void add(SiteUrl url, long notBeforeMs) {
        assertThat(queue.add(new FetchTask(url, Reason.MISSING, notBeforeMs))).isTrue();
    }

    private SiteUrl start(long nowMs) {
        return ((Next.Start) queue.next(nowMs)).task().url();
    }

    private void finish(SiteUrl url, long nowMs) {
        queue.finished(new FetchTask(url, Reason.MISSING, 0), nowMs);
    }
}
