package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NegotiationTest {
    private static final String HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
    private static final String DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n";
    private static final String SOUND = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n";

    @Test
    void oneSectionForDataChannelsIsTaken() {
        assertThat(Negotiation.isOfDataChannels(HEAD + DATA)).isTrue();
        assertThat(Negotiation.isOfDataChannels((HEAD + DATA).replace("\r\n", "\n")))
                .isTrue();
    }

    @Test
    void anyOtherSectionsAreNot() {
        assertThat(Negotiation.isOfDataChannels(HEAD)).isFalse();
        assertThat(Negotiation.isOfDataChannels(HEAD + SOUND)).isFalse();
        assertThat(Negotiation.isOfDataChannels(HEAD + DATA + SOUND)).isFalse();
        assertThat(Negotiation.isOfDataChannels(HEAD + SOUND + DATA)).isFalse();
        assertThat(Negotiation.isOfDataChannels(HEAD + DATA + DATA)).isFalse();
        assertThat(Negotiation.isOfDataChannels((HEAD + DATA + SOUND).replace("\r\n", "\n")))
                .isFalse();
    }
}
