package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.limit.SharedRate;
import dev.rivulet.edge.limit.SharedRateTest;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.ControlMessage.Cancel;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** How many pieces are read for peers before they can be sent. */
final class ReadAheadTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;
    private static final int PAGES = 40;

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 8 * PIECE);
    private final Queue<Runnable> reads = new ArrayDeque<>();
    private final TestEdge edge = stage.edgeWithWorkers(1, reads::add);

    private List<RawPeer> askingPages() {
        content.into(edge.store);
        List<RawPeer> pages = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            RawPeer page = stage.pageAt(edge, 2 + i);
            ask(page, 0);
            pages.add(page);
        }
        return pages;
    }

    private void ask(RawPeer page, int firstId) {
        for (int piece = 0; piece < 8; piece++) {
            page.send(new Request(firstId + piece, content.id(), piece, null, null));
        }
        stage.run();
    }

    private long waitingMillis(RawPeer page) {
        return edge.neighbours.open(page.id).orElseThrow().taker().waitingMillis();
    }

    private void readAll() {
        while (!reads.isEmpty()) {
            reads.remove().run();
            stage.run();
        }
    }

    @Test
    void everybodyHasOneAndAllTogetherAFewMore() {
        askingPages();

        assertThat(reads).hasSize(PAGES + ReadAhead.PIECES);
    }

    @Test
    void everybodyIsGivenEverything() {
        List<RawPeer> pages = askingPages();

        readAll();
        stage.advance(Duration.ofSeconds(1));
        readAll();

        assertThat(pages).allSatisfy(page -> assertThat(page.blocks.stream()
                        .mapToLong(block -> block.payload().remaining())
                        .sum())
                .isEqualTo(8L * PIECE));
    }

    @Test
    void whatWaitsToBeReadIsWaitedForSinceItWasAskedFor() {
        List<RawPeer> pages = askingPages();

        stage.advance(Duration.ofSeconds(3));

        assertThat(pages).allSatisfy(page -> assertThat(waitingMillis(page)).isGreaterThanOrEqualTo(3_000));
        readAll();
        stage.advance(Duration.ofSeconds(1));
        readAll();
        assertThat(pages).allSatisfy(page -> assertThat(waitingMillis(page)).isZero());
    }

    @Test
    void whatIsCancelledOrLeftMakesRoomForOthers() {
        List<RawPeer> pages = askingPages();
        for (RawPeer page : pages) {
            if (pages.indexOf(page) < PAGES / 2) {
                page.link().close();
            } else {
                for (int id = 0; id < 8; id++) {
                    page.send(new Cancel(id));
                }
            }
        }
        stage.run();
        readAll();
        // So many more are not all connected at once.
        stage.advance(Duration.ofSeconds(1));

        for (int i = 0; i < PAGES; i++) {
            ask(stage.pageAt(edge, 100 + i), 0);
        }

        assertThat(reads).hasSize(PAGES + ReadAhead.PIECES);
    }

    @Test
    void whatThrowsWhileItIsReadIsRejectedAndMakesRoomForOthers() {
        List<RawPeer> pages = askingPages();
        edge.store.failReads(true);
        while (!reads.isEmpty()) {
            try {
                reads.remove().run();
            } catch (IllegalStateException asAPoolSwallowsIt) {
                // and nobody else hears of it
            }
            stage.run();
        }

        assertThat(pages)
                .allSatisfy(page -> assertThat(page.got(Reject.class).stream().map(Reject::reason))
                        .hasSize(8)
                        .containsOnly(RejectReason.GONE));
        edge.store.failReads(false);
        pages.forEach(page -> ask(page, 100));
        assertThat(reads).hasSize(PAGES + ReadAhead.PIECES);
    }

    private TestEdge pacedEdge(long id, long rate) {
        TokenBucket bucket = new TokenBucket(rate, stage.loop.nanoTime());
        return stage.edge(
                id, new Sending(new SharedRate(bucket, SharedRateTest.timing(stage.loop)), () -> Duration.ZERO));
    }

    private List<RawPeer> pullingPages(TestEdge from, int count) {
        List<RawPeer> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPeer page = stage.pageAt(from, 600 + i);
            for (int piece = 0; piece < 8; piece++) {
                page.send(new Request(piece, content.id(), piece, null, TestSite.url("/big")));
            }
            pages.add(page);
        }
        // Until nobody else is found, and the origin is asked.
        stage.advance(Duration.ofMillis(1_550));
        return pages;
    }

    @Test
    void whatWasFetchedForPeersTakesNoMoreMemoryThanItMayAndIsReadFromTheStoreLater() {
        TestEdge slow = pacedEdge(500, 100L * PIECE);
        int budget = (int) slow.memory.bytes() / PIECE;
        List<RawPeer> pages = pullingPages(slow, budget / 8 + 10);

        assertThat(slow.memory.takenBytes())
                .isLessThanOrEqualTo(slow.memory.bytes())
                .isPositive();
        stage.advance(Duration.ofSeconds(10));

        assertThat(slow.counts.store.sum()).isPositive();
        assertThat(slow.memory.takenBytes()).isZero();
        assertThat(slow.origin.fetched()).hasSize(8);
        assertThat(pages).allSatisfy(page -> assertThat(page.blocks.stream()
                        .mapToLong(block -> block.payload().remaining())
                        .sum())
                .isEqualTo(8L * PIECE));
    }

    @Test
    void whatWasFetchedForThoseWhoLeaveOrCancelMakesRoom() {
        TestEdge slow = pacedEdge(500, PIECE);
        List<RawPeer> pages = pullingPages(slow, 20);
        assertThat(slow.memory.takenBytes()).isGreaterThan(slow.memory.bytes() / 2);

        for (RawPeer page : pages) {
            if (pages.indexOf(page) % 2 == 0) {
                page.link().close();
            } else {
                for (int id = 0; id < 8; id++) {
                    page.send(new Cancel(id));
                }
            }
        }
        stage.advance(Duration.ofSeconds(5));

        assertThat(slow.memory.takenBytes()).isZero();
    }

    @Test
    void whatIsReadIsSentUnchangedThoughMemoryIsUsedAgain() {
        TokenBucket bucket = new TokenBucket(PIECE, stage.loop.nanoTime());
        Sending paced = new Sending(new SharedRate(bucket, SharedRateTest.timing(stage.loop)), () -> Duration.ZERO);
        TestEdge slow = stage.edge(500, paced);
        content.into(slow.store);
        RawPeer staying = stage.pageAt(slow, 501);
        RawPeer cancelling = stage.pageAt(slow, 502);
        ask(staying, 0);
        ask(cancelling, 0);
        for (int round = 1; round <= 8; round++) {
            for (int id = 0; id < 8; id++) {
                cancelling.send(new Cancel((round - 1) * 8 + id));
            }
            ask(cancelling, round * 8);
            stage.advance(Duration.ofSeconds(2));
        }

        assertThat(staying.blocks).isNotEmpty().allSatisfy(block -> {
            ByteBuffer piece = content.piece((int) block.requestId()).slice();
            assertThat(block.payload())
                    .isEqualTo(piece.slice((int) block.offset(), block.payload().remaining()));
        });
    }
}
