package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class InboundTest {
    private final Inbound inbound = new Inbound();
    private final List<ByteBuffer> done = new ArrayList<>();

    @Test
    void blocksInAnyOrderMakeTheAnswer() {
        for (int seed = 0; seed < 50; seed++) {
            byte[] answer = PeerLinkContract.randomBytes(1 + new Random(seed).nextInt(300_000));
            inbound.expect(seed, answer.length, done::add);
            List<ByteBuffer> frames = frames(seed, answer);
            Collections.shuffle(frames, new Random(seed));

            frames.forEach(frame -> assertThat(inbound.take(frame)).isEqualTo(Inbound.Accepted.EXPECTED));

            assertThat(done).hasSize(seed + 1);
            assertThat(done.get(seed)).isEqualTo(ByteBuffer.wrap(answer));
        }
    }

    @Test
    void whateverArrivesNothingIsThrown() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            inbound.expect(random.nextInt(4), 1 + random.nextInt(70_000), done::add);
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            if (bytes.length >= 8 && random.nextBoolean()) {
                ByteBuffer.wrap(bytes).putInt(random.nextInt(5)).putInt(random.nextInt(3) * 32768);
            }

            Inbound.Taken taken = inbound.take(ByteBuffer.wrap(bytes));

            if (taken instanceof Inbound.Violation wrong) {
                assertThat(wrong.code()).isIn(PeerCloseCode.MALFORMED, PeerCloseCode.UNSOLICITED);
            }
        }
    }

    @Test
    void whatWasUnderWayWhenItWasForgottenIsIgnoredOnce() {
        byte[] answer = PeerLinkContract.randomBytes(100_000);
        List<ByteBuffer> frames = frames(1, answer);
        inbound.expect(1, answer.length, done::add);
        assertThat(inbound.take(frames.get(0))).isEqualTo(Inbound.Accepted.EXPECTED);

        inbound.forget(1);

        assertUnsolicited(frames.get(0));
        frames.subList(1, frames.size())
                .forEach(frame -> assertThat(inbound.take(frame)).isEqualTo(Inbound.Accepted.LATE));
        frames.forEach(this::assertUnsolicited);
        assertThat(done).isEmpty();
    }

    @Test
    void whatWouldNotHaveBeenPartOfItIsNotIgnored() {
        inbound.expect(1, 100_000, done::add);
        inbound.forget(1);

        assertUnsolicited(frames(1, new byte[10]).get(0));
        assertUnsolicited(frames(1, new byte[100_001]).get(3));
        assertUnsolicited(frames(1, new byte[200_000]).get(4));
    }

    @Test
    void theMemoryOfWhatIsForgottenIsBounded() {
        for (int id = 0; id <= Inbound.MAX_FORGOTTEN; id++) {
            inbound.expect(id, 10, done::add);
            inbound.forget(id);
        }

        assertUnsolicited(frames(0, new byte[10]).get(0));
        assertThat(inbound.take(frames(1, new byte[10]).get(0))).isEqualTo(Inbound.Accepted.LATE);
    }

    @Test
    void whatWasCompletedIsNotExpectedAgain() {
        inbound.expect(1, 10, done::add);
        ByteBuffer frame = frames(1, new byte[10]).get(0);

        assertThat(inbound.take(frame)).isEqualTo(Inbound.Accepted.EXPECTED);

        assertUnsolicited(frame);
    }

    private void assertUnsolicited(ByteBuffer frame) {
        assertThat(inbound.take(frame))
                .asInstanceOf(InstanceOfAssertFactories.type(Inbound.Violation.class))
                .extracting(Inbound.Violation::code)
                .isEqualTo(PeerCloseCode.UNSOLICITED);
    }

    private static List<ByteBuffer> frames(long id, byte[] answer) {
        List<ByteBuffer> frames = new ArrayList<>();
        for (int offset = 0; offset < answer.length; offset += 32768) {
            int length = Math.min(32768, answer.length - offset);
            frames.add(new Block(id, offset, ByteBuffer.wrap(answer, offset, length)).encode());
        }
        return frames;
    }
}
