package dev.rivulet.edge.peer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SignalsTest {
    static List<SignalBody> signals() {
        return List.of(
                new SignalBody.Offer("v=0\r\n\u00e4"),
                new SignalBody.Offer("\u20ac".repeat(Limits.MAX_SDP_CHARS)),
                new SignalBody.Answer("v=0\r\n"),
                new SignalBody.Candidate("candidate:1", "0", 0),
                new SignalBody.Candidate("", null, null),
                new SignalBody.Candidate("candidate:1", "", Limits.MAX_SDP_LINE_INDEX),
                new SignalBody.Close());
    }

    @ParameterizedTest
    @MethodSource("signals")
    void aSignalIsReadAsItWasWritten(SignalBody signal) throws DecodeException {
        assertThat(Signals.signal(Signals.encode(signal))).isEqualTo(signal);
    }

    @Test
    void iceServersAndAnOfferAreReadAsTheyWereWritten() throws DecodeException {
        List<IceServer> ice = List.of(
                new IceServer(List.of("stun:one", "stun:two"), null, null),
                new IceServer(List.of("turn:three"), "user", "secret"));
        SignalBody.Offer offer = new SignalBody.Offer("v=0");

        ByteBuffer both = Signals.encode(ice, offer);

        assertThat(Signals.ice(both)).isEqualTo(ice);
        assertThat(Signals.signal(both)).isEqualTo(offer);
        assertThat(Signals.ice(Signals.encode(List.of()))).isEmpty();
    }

    @Property
    void anyBytesAreASignalOrADecodeException(@ForAll byte[] bytes) {
        try {
            assertThat(Signals.signal(ByteBuffer.wrap(bytes))).isNotNull();
        } catch (DecodeException expected) {
            assertThat(expected).hasMessageContaining(":");
        }
    }

    @Property
    void anyBytesAreIceServersOrADecodeException(@ForAll byte[] bytes) {
        try {
            assertThat(Signals.ice(ByteBuffer.wrap(bytes))).hasSizeLessThanOrEqualTo(Limits.MAX_ICE_SERVERS);
        } catch (DecodeException expected) {
            assertThat(expected).hasMessageContaining(":");
        }
    }

    @Test
    void aTextLongerThanWhatIsThereIsRefused() {
        ByteBuffer offer =
                ByteBuffer.allocate(9).put((byte) 0).putInt(Integer.MAX_VALUE).rewind();

        assertThatThrownBy(() -> Signals.signal(offer)).isInstanceOf(DecodeException.class);
    }
}
