package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A listener that notes what a link says, as one line per event, and passes signals on. */
public final class LinkProbe implements PeerLink.Listener {
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    public final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    public final BlockingQueue<byte[]> blocks = new LinkedBlockingQueue<>();
    public final AtomicInteger drained = new AtomicInteger();
    private final Consumer<SignalBody> signals;

    public LinkProbe(Consumer<SignalBody> signals) {
        this.signals = signals;
    }

    @Override
    public void signal(SignalBody local) {
        signals.accept(local);
    }

    @Override
    public void opened() {
        events.add("opened");
    }

    @Override
    public void control(String text) {
        events.add("control " + text);
    }

    @Override
    public void block(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        blocks.add(bytes);
    }

    @Override
    public void drained() {
        drained.incrementAndGet();
    }

    @Override
    public void retiring() {
        events.add("retiring");
    }

    @Override
    public void closed(String reason) {
        events.add("closed");
    }

    /** The next event, which has to come and be this one. */
    public void expect(String event) throws InterruptedException {
        assertThat(events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(event);
    }

    /** The next block, which has to come. */
    public byte[] expectBlock() throws InterruptedException {
        byte[] block = blocks.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(block).isNotNull();
        return block;
    }
}
