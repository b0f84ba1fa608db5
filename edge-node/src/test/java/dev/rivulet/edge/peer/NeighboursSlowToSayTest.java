package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.LayoutAnswer;
import dev.rivulet.protocol.message.ControlMessage.LayoutRequest;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Want;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An edge whose neighbours have not said yet what they hold, and nobody else to ask. */
final class NeighboursSlowToSayTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;
    private static final Duration MOMENT = Duration.ofMillis(500);
    /** Longer than a search waits for neighbours to say what they hold, also twice. */
    private static final Duration SLOW_TO_SAY = NeighbourSources.HAVE_PATIENCE.multipliedBy(4);

    private static final ResourceUrl URL = TestSite.url("/big");

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 40 * PIECE + 5);
    private final TestEdge edge = stage.edge(1);

    @Test
    void whenTheOriginRefusesNeighboursThatHaveNotSaidYetWhatTheyHoldAreWaitedFor() {
        edge.origin.refuse();

        assertThatWhoIsSlowToSayIsWaitedFor(edge, URL);
    }

    @Test
    void thoughNotForLong() {
        edge.origin.refuse();
        stage.pageAt(edge, 2);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(3));

        Stage.assertThatFailed(piece);
    }

    @Test
    void whoGivesNothingIsNotWaitedForToSay() {
        edge.origin.refuse();
        stage.pageAt(edge, 2).send(new Choke());

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(1));

        Stage.assertThatFailed(piece);
    }

    @Test
    void forTheLayoutNeighboursThatHaveNotSaidYetAreWaitedForAsWell() {
        assertThatWhoIsSlowToSayIsWaitedFor(stage.cutOff(5), null);
    }

    private void assertThatWhoIsSlowToSayIsWaitedFor(TestEdge asking, @Nullable ResourceUrl url) {
        slowToSay(asking);

        CompletableFuture<ByteBuffer> piece = asking.pieces.piece(content.id(), 3, url);
        stage.advance(SLOW_TO_SAY.plus(MOMENT));

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    /** A page that is connected and holds everything, and takes {@link #SLOW_TO_SAY} to say so. */
    private void slowToSay(TestEdge connected) {
        RawPeer page = stage.pageAt(connected, 2);
        page.onMessage(message -> {
            if (message instanceof Want) {
                stage.loop.after(SLOW_TO_SAY, () -> page.sayComplete(content.id()));
            } else if (message instanceof Request request) {
                page.sendBlocks(request.id(), content.piece(request.piece()), 0, PIECE);
            } else if (message instanceof LayoutRequest request) {
                byte[] layout = content.layout().encode();
                page.send(new LayoutAnswer(request.id(), layout.length));
                page.sendBlocks(request.id(), ByteBuffer.wrap(layout), 0, layout.length);
            }
        });
    }
}
