package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Want;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An edge that waits for what a page was asked for, and lost packets. */
final class LossProbesTest {
    private static final Duration STEP = Duration.ofMillis(20);
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 4 * PIECE);
    private final TestEdge edge = stage.edge(1);
    private final RawPeer page = stage.pageAt(edge, 2);

    @BeforeEach
    void thePageHoldsAll() {
        page.onMessage(message -> {
            if (message instanceof Want want && !want.stop()) {
                want.contents().forEach(page::sayComplete);
            }
        });
    }

    private CompletableFuture<ByteBuffer> fetch(int piece) {
        CompletableFuture<ByteBuffer> bytes = edge.pieces.piece(content.id(), piece, TestSite.url("/big"));
        stage.run();
        assertThat(page.requests()).isNotEmpty();
        return bytes;
    }

    private long pings() {
        return page.got(Ping.class).stream().filter(ping -> !ping.reply()).count();
    }

    /** Lets so many steps pass. */
    private void pass(int steps) {
        for (int i = 0; i < steps; i++) {
            stage.advance(STEP);
        }
    }

    @Test
    void threePacketsAreSoughtOnceWhenNothingComes() {
        var unused = fetch(0);

        pass(12);
        assertThat(pings()).isZero();
        pass(3);
        assertThat(pings()).isEqualTo(LossProbes.PROBES);
        pass(5);
        assertThat(pings()).isEqualTo(LossProbes.PROBES);
    }

    @Test
    void afterABlockHasComeTheyAreSoughtAnew() {
        var unused = fetch(0);
        pass(15);

        page.sendBlocks(page.requests().get(0).id(), content.piece(0), 0, Limits.MAX_BLOCK_BYTES);
        pass(30);

        assertThat(pings()).isEqualTo(2L * LossProbes.PROBES);
    }

    @Test
    void whereNothingIsAskedForNothingIsSought() {
        CompletableFuture<ByteBuffer> piece = fetch(0);

        page.sendBlocks(page.requests().get(0).id(), content.piece(0), 0, PIECE);
        pass(30);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(0));
        assertThat(pings()).isZero();
    }

    @Test
    void theirAnswersSayNothingOfTheRoundTrip() {
        page.onMessage(message -> {
            if (message instanceof Want want && !want.stop()) {
                want.contents().forEach(page::sayComplete);
            } else if (message instanceof Ping ping && !ping.reply()) {
                page.send(new Ping(ping.nonce(), true));
            }
        });
        var unused = fetch(0);
        pass(15);
        assertThat(pings()).isEqualTo(LossProbes.PROBES);

        page.sendBlocks(page.requests().get(0).id(), content.piece(0), 0, Limits.MAX_BLOCK_BYTES);
        pass(12);
        assertThat(pings()).isEqualTo(LossProbes.PROBES);
        pass(3);

        assertThat(pings()).isEqualTo(2L * LossProbes.PROBES);
    }
}
