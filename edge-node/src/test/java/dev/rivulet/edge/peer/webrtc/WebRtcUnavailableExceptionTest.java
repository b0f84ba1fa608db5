package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WebRtcUnavailableExceptionTest {
    @Test
    void aMissingLibraryIsToBeInstalled() {
        String message = messageOf("/d/libwebrtc-java.so: libpulse.so.0: cannot open shared object file");

        assertThat(message).contains("libpulse.so.0").contains("apt-get install libpulse0");
    }

    @Test
    void aDirectoryWithoutExecutionIsToBeChanged() {
        String message = messageOf("/d/libwebrtc-java.so: failed to map segment from shared object");

        assertThat(message)
                .contains("noexec")
                .contains("another data directory")
                .doesNotContain("apt-get");
    }

    private static String messageOf(String reason) {
        return new WebRtcUnavailableException(new RuntimeException("load", new UnsatisfiedLinkError(reason)))
                .getMessage();
    }
}
