package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

final class StatusCommandTest {
    @Test
    void theReasonIsSaidThoughTheClientSaysNone() {
        assertThat(StatusCommand.reason(new ConnectException())).isEqualTo("connection refused");
        assertThat(StatusCommand.reason(new ClosedChannelException()))
                .isEqualTo("java.nio.channels.ClosedChannelException");
    }

    @Test
    void aReasonThatIsGivenIsSaidAsItIs() {
        assertThat(StatusCommand.reason(new IOException("status 503"))).isEqualTo("status 503");
        assertThat(StatusCommand.reason(new HttpConnectTimeoutException("HTTP connect timed out")))
                .isEqualTo("HTTP connect timed out");
    }
}
