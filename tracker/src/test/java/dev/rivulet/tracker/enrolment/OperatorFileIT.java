package dev.rivulet.tracker.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OperatorFileIT {
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir
    Path data;

    @Test
    void aTrackerThatDoesNotAnswerMayStillCarryTheOrderOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AutoCloseable file =
                        OperatorFile.write(data, new ListenAddress("127.0.0.1", silent.getLocalPort()), "secret")) {
            assertThat(file).isNotNull();

            assertThatThrownBy(() -> OperatorFile.order(data, "POST", "/api/v1/x", "{}", SOON))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("does not answer within 1 s; it may still carry the order out");
        }
    }

    @Test
    void aFileThatAKilledTrackerLeftIsNoTracker() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (AutoCloseable file = OperatorFile.write(data, new ListenAddress("127.0.0.1", port), "secret")) {
            assertThat(file).isNotNull();

            assertThat(OperatorFile.order(data, "POST", "/api/v1/x", "{}")).isEmpty();
        }
    }
}
