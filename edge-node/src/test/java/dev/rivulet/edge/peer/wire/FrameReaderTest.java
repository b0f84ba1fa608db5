package dev.rivulet.edge.peer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
    private static final List<FrameType> TYPES = List.of(FrameType.values());

    private final FrameReader reader = new FrameReader();
    private final List<String> taken = new ArrayList<>();

    @Property(tries = 200)
    void framesComeOutAsTheyWentInHoweverTheStreamIsCut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 99) int cut)
            throws DecodeException {
        Random random = new Random(seed);
        List<String> sent = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < 8; i++) {
            FrameType type = TYPES.get(random.nextInt(TYPES.size()));
            byte[] payload = new byte[random.nextInt(40_000)];
            random.nextBytes(payload);
            int link = random.nextInt();
            Frame.of(type, link, ByteBuffer.wrap(payload)).encode(stream);
            sent.add(text(type, link, ByteBuffer.wrap(payload)));
        }

        FrameReader fresh = new FrameReader();
        List<String> received = new ArrayList<>();
        stream.flip();
        while (stream.hasRemaining()) {
            int length = Math.min(stream.remaining(), 1 + random.nextInt(cut * 1000));
            fresh.room().put(stream.slice(stream.position(), length));
            stream.position(stream.position() + length);
            fresh.take((type, link, payload) -> received.add(text(type, link, payload)));
        }

        assertThat(received).isEqualTo(sent);
    }

    @Property(tries = 500)
    void whateverComesIsFramesOrADecodeException(@ForAll byte[] bytes) {
        FrameReader fresh = new FrameReader();
        fresh.room().put(ByteBuffer.wrap(bytes));
        try {
            fresh.take((type, link, payload) -> assertThat(payload.remaining()).isLessThan(bytes.length));
        } catch (DecodeException expected) {
            assertThat(expected.place()).startsWith("frame");
        }
    }

    @Test
    void theLongestFrameFits() throws DecodeException {
        ByteBuffer longest = ByteBuffer.allocate(Frame.MAX_PAYLOAD_BYTES);

        Frame.of(FrameType.CONTROL, 1, longest).encode(reader.room());
        Frame.of(FrameType.CONTROL, 2, longest).encode(reader.room());
        reader.take((type, link, payload) -> taken.add(link + " " + payload.remaining()));

        assertThat(taken).containsExactly("1 " + Frame.MAX_PAYLOAD_BYTES, "2 " + Frame.MAX_PAYLOAD_BYTES);
    }

    @Test
    void aLongerFrameIsNotMade() {
        ByteBuffer tooLong = ByteBuffer.allocate(Frame.MAX_PAYLOAD_BYTES + 1);

        assertThatThrownBy(() -> Frame.of(FrameType.CONTROL, 1, tooLong)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLengthThatNoFrameHasIsRefusedBeforeItIsWaitedFor() {
        reader.room().putInt(Frame.HEADER_BYTES + Frame.MAX_PAYLOAD_BYTES);

        assertThatThrownBy(() -> reader.take(this::take)).isInstanceOf(DecodeException.class);
    }

    @Test
    void aLengthShorterThanAHeaderIsRefused() {
        reader.room().putInt(4).putInt(0);

        assertThatThrownBy(() -> reader.take(this::take)).isInstanceOf(DecodeException.class);
    }

    @Test
    void anUnknownTypeIsRefused() {
        reader.room().putInt(5).put((byte) 99).putInt(0);

        assertThatThrownBy(() -> reader.take(this::take)).isInstanceOf(DecodeException.class);
    }

    @Test
    void aBlockTravelsAsItIs() throws Exception {
        Block block = new Block(7, 65536, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        List<Block> blocks = new ArrayList<>();

        Frame.of(3, block, () -> {}).encode(reader.room());
        // Copied, since the payload is the reader's.
        reader.take((type, link, payload) -> blocks.add(Block.decode(
                ByteBuffer.allocate(payload.remaining()).put(payload).flip())));

        assertThat(blocks).containsExactly(block);
    }

    private void take(FrameType type, int link, ByteBuffer payload) {
        taken.add(text(type, link, payload));
    }

    private static String text(FrameType type, int link, ByteBuffer payload) {
        return type + " " + link + " " + payload.remaining() + " " + payload.hashCode();
    }
}
