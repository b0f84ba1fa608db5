package dev.rivulet.edge.peer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutboxTest {
    private static final int FRAME = 1000;

    private final Outbox outbox = new Outbox();

    @Test
    void framesAreTakenInOrderAsManyAsFit() throws InterruptedException {
        List<Frame> added = add(5);

        List<Frame> taken = new ArrayList<>();
        assertThat(outbox.take(taken, 3 * FRAME + 1)).isTrue();

        assertThat(taken).isEqualTo(added.subList(0, 3));
        assertThat(outbox.waitingBytes()).isEqualTo(2 * FRAME);
    }

    @Test
    void whatWaitsWhenItClosesIsStillTaken() throws InterruptedException {
        List<Frame> added = add(1);
        outbox.close();
        add(1);

        List<Frame> taken = new ArrayList<>();
        assertThat(outbox.take(taken, 10 * FRAME)).isTrue();
        assertThat(outbox.take(taken, 10 * FRAME)).isFalse();

        assertThat(taken).isEqualTo(added);
    }

    @Test
    void whoAddsWithinABoundWaitsUntilThereIsRoom() throws Exception {
        add(3);
        CompletableFuture<Void> adding = CompletableFuture.runAsync(() -> addWithin(2 * FRAME));

        List<Frame> taken = new ArrayList<>();
        assertThat(outbox.waitingBytes()).isEqualTo(3 * FRAME);
        assertThat(outbox.take(taken, FRAME)).isTrue();

        adding.get(30, TimeUnit.SECONDS);
        assertThat(outbox.waitingBytes()).isEqualTo(3 * FRAME);
    }

    @Test
    void closingLetsGoOfWhoWaits() throws Exception {
        add(3);
        CompletableFuture<Void> adding = CompletableFuture.runAsync(() -> addWithin(FRAME));

        outbox.close();

        adding.get(30, TimeUnit.SECONDS);
        assertThat(outbox.waitingBytes()).isEqualTo(3 * FRAME);
    }

    private List<Frame> add(int count) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Frame frame = frame();
            outbox.add(frame);
            frames.add(frame);
        }
        return frames;
    }

    private void addWithin(long bytes) {
        try {
            outbox.addWithin(bytes, frame());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Frame frame() {
        return Frame.of(FrameType.CONTROL, 1, ByteBuffer.allocate(FRAME - Frame.HEADER_BYTES));
    }
}
