package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.limit.SharedRate;
import dev.rivulet.edge.limit.SharedRateTest;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.message.ControlMessage.Cancel;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Unchoke;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What peers are given when there is a rate, and when the month's transfer is used up. */
final class SendingLimitsTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;
    private static final int RATE = PIECE;

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 20 * PIECE);
    private final TokenBucket bucket = new TokenBucket(RATE, stage.loop.nanoTime());
    private Duration closedFor = Duration.ZERO;
    private final Sending sending =
            new Sending(new SharedRate(bucket, SharedRateTest.timing(stage.loop)), () -> closedFor);
    private final TestEdge edge = stage.edge(1, sending);

    private static long bytes(RawPeer peer) {
        return peer.blocks.stream()
                .mapToLong(block -> block.payload().remaining())
                .sum();
    }

    private void ask(RawPeer page, int pieces) {
        for (int piece = 0; piece < pieces; piece++) {
            page.send(new Request(piece, content.id(), piece, null, null));
        }
        stage.run();
    }

    @Test
    void theRateHoldsAndIsSharedEvenly() {
        content.into(edge.store);
        RawPeer greedy = stage.pageAt(edge, 2);
        RawPeer modest = stage.pageAt(edge, 3);
        ask(greedy, 20);
        long before = bytes(greedy);
        ask(modest, 4);

        stage.advance(Duration.ofSeconds(4));

        assertThat(bytes(greedy) + bytes(modest))
                .isBetween(4L * RATE - Limits.MAX_BLOCK_BYTES, 4L * RATE + bucket.burstBytes());
        assertThat(bytes(modest))
                .isBetween(
                        bytes(greedy) - before - 2 * Limits.MAX_BLOCK_BYTES,
                        bytes(greedy) - before + 2 * Limits.MAX_BLOCK_BYTES);
    }

    @Test
    void whatIsTakenDownWhileItIsBeingSentIsBrokenOff() {
        content.into(edge.store);
        RawPeer page = stage.pageAt(edge, 2);
        ask(page, 4);
        long before = bytes(page);
        assertThat(before).isLessThan(4L * PIECE);

        stage.site.catalog().block(BlockList.of(List.of(content.id().hash())));
        stage.advance(Duration.ofSeconds(8));
        ask(page, 1);

        assertThat(bytes(page)).isEqualTo(before);
        assertThat(page.got(Reject.class).stream().map(Reject::reason))
                .contains(RejectReason.GONE)
                .endsWith(RejectReason.UNKNOWN);
    }

    @Test
    void whoIsAloneHasAllOfIt() {
        content.into(edge.store);
        RawPeer page = stage.pageAt(edge, 2);
        ask(page, 8);

        stage.advance(Duration.ofSeconds(8));

        assertThat(bytes(page)).isEqualTo(8L * PIECE);
    }

    @Test
    void whatIsCancelledOrLeftWhileItWaitsHoldsNobodyUp() {
        content.into(edge.store);
        RawPeer leaving = stage.pageAt(edge, 2);
        RawPeer cancelling = stage.pageAt(edge, 3);
        RawPeer staying = stage.pageAt(edge, 4);
        ask(leaving, 10);
        ask(cancelling, 10);
        ask(staying, 4);
        leaving.link().close();
        for (int id = 0; id < 10; id++) {
            cancelling.send(new Cancel(id));
        }
        stage.run();
        long cancelled = bytes(cancelling);

        stage.advance(Duration.ofSeconds(5));

        assertThat(bytes(staying)).isEqualTo(4L * PIECE);
        assertThat(bytes(cancelling)).isEqualTo(cancelled);
    }

    @Test
    void usedUpItChokesEverybodyAndMeetsNobody() {
        content.into(edge.store);
        RawPeer page = stage.pageAt(edge, 2);
        assertThat(edge.neighbours.freeSlots()).isPositive();

        closedFor = Duration.ofHours(1);
        stage.advance(Neighbours.TICK);
        ask(page, 1);
        RawPeer newcomer = stage.page(3);
        newcomer.offerTo(edge.id);
        stage.run();

        assertThat(page.got(Choke.class)).hasSize(1);
        assertThat(page.got(Reject.class)).hasSize(1);
        assertThat(bytes(page)).isZero();
        assertThat(edge.neighbours.freeSlots()).isZero();
        assertThat(edge.neighbours.connected()).isEqualTo(1);

        closedFor = Duration.ZERO;
        stage.advance(Neighbours.TICK);
        assertThat(page.got(Unchoke.class)).hasSize(1);
        ask(page, 1);
        stage.advance(Duration.ofSeconds(2));
        assertThat(bytes(page)).isEqualTo(PIECE);
    }
}
