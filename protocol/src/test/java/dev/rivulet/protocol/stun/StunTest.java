package dev.rivulet.protocol.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.DecodeException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StunTest {
    /** RFC 5769 §2.1. */
    private static final String REQUEST = """
            00010058 2112a442 b7e7a701 bc34d686 fa87dfae
            80220010 5354554e 20746573 7420636c 69656e74
            00240004 6e0001ff
            80290008 932ff9b1 51263b36
            00060009 6576746a 3a683676 59202020
            00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
            80280004 e57a3bcf
            """;

    /** RFC 5769 §2.2. */
    private static final String IPV4_RESPONSE = """
            0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
            8022000b 74657374 20766563 746f7220
            00200008 0001a147 e112a643
            00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
            80280004 c07d4c96
            """;

    /** RFC 5769 §2.3. */
    private static final String IPV6_RESPONSE = """
            01010048 2112a442 b7e7a701 bc34d686 fa87dfae
            8022000b 74657374 20766563 746f7220
            00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
            00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
            80280004 c8fb0b4c
            """;

    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 32853);
    private static final InetSocketAddress CLIENT_V6 =
            new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853);
    private static final InetSocketAddress OTHER = new InetSocketAddress("198.51.100.1", 3479);
    private static final int PRIORITY = 0x0024;

    @Test
    void theRfcsRequestIsReadToItsFingerprint() throws DecodeException {
        StunMessage request = StunMessage.decode(bytes(REQUEST));

        assertThat(request.type()).isEqualTo(StunType.REQUEST);
        assertThat(request.fingerprint()).isTrue();
        assertThat(request.attributes())
                .extracting(StunAttribute::type)
                .containsExactly(0x8022, PRIORITY, 0x8029, 0x0006, 0x0008);
    }

    @Test
    void theRfcsResponsesNameTheClient() throws DecodeException {
        assertThat(Binding.mapped(StunMessage.decode(bytes(IPV4_RESPONSE)))).isEqualTo(CLIENT);
        assertThat(Binding.mapped(StunMessage.decode(bytes(IPV6_RESPONSE)))).isEqualTo(CLIENT_V6);
    }

    @Test
    void anAnswerHasTheAttributeOfTheRfcsResponses() throws DecodeException {
        for (String text : List.of(IPV4_RESPONSE, IPV6_RESPONSE)) {
            StunMessage response = StunMessage.decode(bytes(text));
            StunMessage request = new StunMessage(StunType.REQUEST, response.transaction(), List.of(), true);

            StunMessage answer = Binding.answer(request, Binding.mapped(response), null)
                    .orElseThrow()
                    .message();

            assertThat(answer.value(StunAttribute.XOR_MAPPED_ADDRESS).orElseThrow())
                    .isEqualTo(response.value(StunAttribute.XOR_MAPPED_ADDRESS).orElseThrow());
            assertThat(answer.answers(request)).isTrue();
            assertThat(StunMessage.decode(answer.encode()).attributes()).isEqualTo(answer.attributes());
        }
    }

    @Test
    void whatWouldHaveToBeUnderstoodIsRefusedByName() throws DecodeException {
        StunMessage answer = Binding.answer(StunMessage.decode(bytes(REQUEST)), CLIENT, OTHER)
                .orElseThrow()
                .message();

        assertThat(answer.type()).isEqualTo(StunType.ERROR);
        assertThat(answer.value(StunAttribute.ERROR_CODE).orElseThrow()).startsWith(0, 0, 4, 20);
        assertThat(answer.value(StunAttribute.UNKNOWN_ATTRIBUTES).orElseThrow()).containsExactly(0, PRIORITY);
    }

    @Test
    void theOtherPortIsToldToWhoAsksAboutChangesAndToNobodyElse() throws DecodeException {
        StunMessage plain =
                answer(Binding.request(new SplittableRandom(1), null)).message();
        Binding.Answer asked = answer(Binding.request(new SplittableRandom(1), false));
        Binding.Answer changed = answer(Binding.request(new SplittableRandom(1), true));

        assertThat(Binding.otherPort(plain)).isEmpty();
        assertThat(Binding.otherPort(asked.message())).contains(OTHER.getPort());
        assertThat(asked.fromOther()).isFalse();
        assertThat(changed.fromOther()).isTrue();
    }

    @Test
    void withoutAnotherPortAChangeIsRefused() {
        StunMessage request = Binding.request(new SplittableRandom(1), true);

        Binding.Answer answer = Binding.answer(request, CLIENT, null).orElseThrow();

        assertThat(answer.message().type()).isEqualTo(StunType.ERROR);
        assertThat(answer.fromOther()).isFalse();
    }

    @Test
    void anAnswerIsNotAnswered() {
        StunMessage request = Binding.request(new SplittableRandom(1), null);

        assertThat(Binding.answer(answer(request).message(), CLIENT, OTHER)).isEmpty();
    }

    @Test
    void whatIsCutShortIsNoMessage() {
        byte[] good = bytes(REQUEST).array();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> StunMessage.decode(ByteBuffer.wrap(cut))).isInstanceOf(DecodeException.class);
        }
    }

    @Test
    void noDamagedMessagePassesForOneWithAFingerprint() {
        byte[] good = bytes(REQUEST).array();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(passesAsMarked(flipped)).as("bit %d", bit).isFalse();
        }
    }

    private static boolean passesAsMarked(byte[] bytes) {
        try {
            return StunMessage.decode(ByteBuffer.wrap(bytes)).fingerprint();
        } catch (DecodeException refused) {
            return false;
        }
    }

    @Test
    void noBytesThrowAnythingElse() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] good = bytes(REQUEST).array();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            random.ints(4, 0, bytes.length).forEach(at -> bytes[at] = (byte) random.nextInt());
            try {
                StunMessage message =
                        StunMessage.decode(ByteBuffer.wrap(bytes, 0, bytes.length - 8 * random.nextInt(2)));
                Binding.answer(message, CLIENT, OTHER);
            } catch (DecodeException expected) {
                assertThat(expected.place()).startsWith("stun");
            }
        }
    }

    private static Binding.Answer answer(StunMessage request) {
        return Binding.answer(request, CLIENT, OTHER).orElseThrow();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }
}
