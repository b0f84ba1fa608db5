package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.settings.ConfigException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AdminClientIT {
    @Test
    void aTrackerThatDoesNotAnswerMayStillCarryTheOrderOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AdminClient client =
                    new AdminClient("http://127.0.0.1:" + silent.getLocalPort(), "token", Duration.ofSeconds(1));

            assertThatThrownBy(() -> client.run("POST", "/drain", "{}", null))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("does not answer within 1 s; it may still carry the order out");
        }
    }
}
