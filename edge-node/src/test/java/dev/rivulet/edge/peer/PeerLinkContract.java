package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every implementation of {@link PeerLink} promises. */
@Timeout(300)
public abstract class PeerLinkContract {
    private PeerLinkFactory here;
    private PeerLinkFactory there;

    /** Two hosts that can reach each other. */
    protected abstract List<PeerLinkFactory> hosts() throws Exception;

    @BeforeEach
    final void startHosts() throws Exception {
        List<PeerLinkFactory> hosts = hosts();
        here = hosts.get(0);
        there = hosts.get(1);
    }

    @AfterEach
    final void stopHosts() {
        here.close();
        there.close();
    }

    @Test
    void bothSidesOpenOnceBeforeAnythingElse() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);

        pair.offering.sendControl("hello");
        pair.answering().sendControl("hello to you");

        pair.first.expect("control hello to you");
        pair.second.expect("control hello");
    }

    @Test
    void controlArrivesWholeAndInOrder() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);
        String longest = "\u00e4".repeat(Limits.MAX_CONTROL_MESSAGE_BYTES / 2);

        for (int i = 0; i < 200; i++) {
            pair.offering.sendControl("message " + i);
        }
        pair.offering.sendControl(longest);

        for (int i = 0; i < 200; i++) {
            pair.second.expect("control message " + i);
        }
        pair.second.expect("control " + longest);
    }

    @Test
    void blocksArriveOnceAndUnchanged() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);
        byte[] piece = randomBytes(Limits.MAX_BLOCK_BYTES * 2 + 1);

        Set<Block> sent = new HashSet<>();
        for (int offset = 0; offset < piece.length; offset += Limits.MAX_BLOCK_BYTES) {
            int length = Math.min(Limits.MAX_BLOCK_BYTES, piece.length - offset);
            Block block = new Block(7, offset, ByteBuffer.wrap(piece, offset, length));
            sent.add(block);
            pair.offering.sendBlock(block);
        }

        Set<Block> received = new HashSet<>();
        for (int i = 0; i < sent.size(); i++) {
            received.add(Block.decode(ByteBuffer.wrap(pair.second.expectBlock())));
        }
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void creditComesBackAfterTheSendBufferWasFilled() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);
        Block block = new Block(1, 0, ByteBuffer.allocate(Limits.MAX_BLOCK_BYTES));

        int sent = 0;
        while (sent < 400) {
            int creditsBefore = pair.first.drained.get();
            if (pair.offering.bufferedBytes() + block.frameBytes() <= Limits.MAX_SEND_BUFFER_BYTES) {
                pair.offering.sendBlock(block);
                sent++;
            } else {
                await(() -> pair.first.drained.get() > creditsBefore);
            }
        }

        for (int i = 0; i < sent; i++) {
            pair.second.expectBlock();
        }
        await(() -> pair.offering.bufferedBytes() <= PeerLink.DRAINED_BYTES);
        assertThat(pair.second.blocks).isEmpty();
    }

    @Test
    void creditComesBackAtAnotherMarkWhereThatIsSaid() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);
        Block block = new Block(1, 0, ByteBuffer.allocate(Limits.MAX_BLOCK_BYTES));

        pair.offering.sendBlock(block);
        pair.offering.drainedAt(0);
        await(() -> pair.offering.bufferedBytes() == 0);
        pair.offering.sendBlock(block);
        pair.offering.sendBlock(block);
        await(() -> pair.offering.bufferedBytes() == 0);

        for (int i = 0; i < 3; i++) {
            pair.second.expectBlock();
        }
    }

    @Test
    void closingEndsBothSidesOnce() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);

        pair.offering.close();
        pair.offering.close();

        pair.first.expect("closed");
        pair.second.expect("closed");
        pair.answering().close();
        pair.offering.sendControl("too late");
        pair.offering.sendBlock(new Block(1, 0, ByteBuffer.allocate(1)));
        LinkPair.opened(here, there);
        assertThat(pair.first.events).isEmpty();
        assertThat(pair.second.events).isEmpty();
    }

    @Test
    void whatWasSaidBeforeClosingArrives() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);

        pair.offering.sendControl("good-bye");
        pair.offering.close();

        pair.second.expect("control good-bye");
        pair.second.expect("closed");
    }

    @Test
    void aLinkThatNobodyAnswersCanBeClosed() throws Exception {
        LinkProbe probe = new LinkProbe(signal -> {});
        PeerLink link = here.offer(List.of(), probe);

        link.close();

        probe.expect("closed");
    }

    @Test
    void anOfferThatMakesNoSenseEndsTheLink() throws Exception {
        LinkProbe probe = new LinkProbe(signal -> {});

        here.answer(List.of(), new SignalBody.Offer("v=0\r\nnonsense"), probe);

        probe.expect("closed");
    }

    @Test
    void anAnswerThatMakesNoSenseEndsTheLink() throws Exception {
        LinkProbe probe = new LinkProbe(signal -> {});
        PeerLink link = here.offer(List.of(), probe);

        link.signal(new SignalBody.Answer("v=0\r\nnonsense"));

        probe.expect("closed");
    }

    @Test
    void signalsThatDoNotFitAreIgnored() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);

        pair.offering.signal(new SignalBody.Answer("another"));
        pair.answering().signal(new SignalBody.Answer("unasked"));
        pair.answering().signal(new SignalBody.Offer("second"));
        pair.offering.signal(new SignalBody.Candidate("nonsense", null, null));
        pair.offering.signal(new SignalBody.Candidate("", null, null));
        pair.offering.signal(new SignalBody.Close());

        pair.offering.sendControl("still here");
        pair.second.expect("control still here");
    }

    @Test
    void aListenerThatThrowsEndsItsOwnLinkOnly() throws Exception {
        LinkPair innocent = LinkPair.opened(here, there);
        LinkPair pair = LinkPair.between(here, there, Throwing::new);
        pair.first.expect("opened");
        pair.second.expect("opened");

        pair.offering.sendControl("boom");

        pair.second.expect("closed");
        pair.first.expect("closed");
        innocent.offering.sendControl("unharmed");
        innocent.second.expect("control unharmed");
    }

    @Test
    void closingTheHostClosesItsLinksAndRefusesNewOnes() throws Exception {
        List<LinkPair> pairs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            pairs.add(LinkPair.opened(here, there));
        }

        here.close();

        for (LinkPair pair : pairs) {
            pair.first.expect("closed");
            pair.second.expect("closed");
        }
        LinkProbe late = new LinkProbe(signal -> {});
        here.offer(List.of(), late);
        late.expect("closed");
    }

    @Test
    void bytesFlowBothWaysAtOnce() throws Exception {
        LinkPair pair = LinkPair.opened(here, there);
        Block block = new Block(1, 0, ByteBuffer.wrap(randomBytes(Limits.MAX_BLOCK_BYTES)));
        byte[] frame = Arrays.copyOf(block.encode().array(), Block.MAX_FRAME_BYTES);

        for (int i = 0; i < 7; i++) {
            pair.offering.sendBlock(block);
            pair.answering().sendBlock(block);
        }

        for (int i = 0; i < 7; i++) {
            assertThat(pair.first.expectBlock()).isEqualTo(frame);
            assertThat(pair.second.expectBlock()).isEqualTo(frame);
        }
    }

    protected static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    public static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LinkProbe.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Passes everything on, and throws at the first control message. */
    private record Throwing(PeerLink.Listener listener) implements PeerLink.Listener {
        @Override
        public void signal(SignalBody local) {
            listener.signal(local);
        }

        @Override
        public void opened() {
            listener.opened();
        }

        @Override
        public void control(String text) {
            throw new IllegalStateException(text);
        }

        @Override
        public void block(ByteBuffer frame) {
            listener.block(frame);
        }

        @Override
        public void drained() {
            listener.drained();
        }

        @Override
        public void retiring() {
            listener.retiring();
        }

        @Override
        public void closed(String reason) {
            listener.closed(reason);
        }
    }
}
