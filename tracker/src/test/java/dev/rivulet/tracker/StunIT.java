package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.protocol.stun.Binding;
import dev.rivulet.protocol.stun.StunMessage;
import dev.rivulet.protocol.stun.StunType;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StunIT {
    private static final int PATIENCE_MS = 60_000;

    @TempDir
    Path data;

    private TestTracker tracker;
    private DatagramSocket socket;
    private int port;

    @BeforeEach
    void start() throws Exception {
        tracker = TestTracker.start(
                data,
                Map.of(
                        "stun",
                        "127.0.0.1:0",
                        "ice-servers",
                        "[{urls: ['turn:t.example'], username: u, credential: c}]"));
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(PATIENCE_MS);
        List<IceServer> ice = welcomed();
        assertThat(ice).hasSize(2);
        assertThat(ice.get(0).urls().get(0)).startsWith("stun:127.0.0.1:");
        assertThat(ice.get(1)).isEqualTo(new IceServer(List.of("turn:t.example"), "u", "c"));
        port = Integer.parseInt(ice.get(0).urls().get(0).substring("stun:127.0.0.1:".length()));
    }

    @AfterEach
    void stop() throws Exception {
        socket.close();
        tracker.close();
    }

    @Test
    void whoAsksLearnsItsAddress() throws Exception {
        Received answer = ask(null);

        assertThat(answer.from().getPort()).isEqualTo(port);
        assertThat(Binding.mapped(answer.message())).isEqualTo(socket.getLocalSocketAddress());
    }

    @Test
    void theSecondPortAnswersWhoWantsToKnowWhatIsLetIn() throws Exception {
        int other = Binding.otherPort(ask(false).message()).orElseThrow();

        assertThat(other).isNotEqualTo(port);
        assertThat(ask(true).from().getPort()).isEqualTo(other);
    }

    @Test
    void noiseIsNotAnsweredAndDoesNoHarm() throws Exception {
        send(new byte[] {1, 2, 3});
        send(new byte[2000]);
        StunMessage request = Binding.request(new SplittableRandom(3), null);
        send(bytes(new StunMessage(StunType.SUCCESS, request.transaction(), List.of(), false)));

        send(bytes(request));

        assertThat(receive().message().answers(request)).isTrue();
    }

    private List<IceServer> welcomed() throws Exception {
        TestPeer edge = TestPeer.connect(tracker.webSocket(), null);
        edge.say(new Hello(new SiteId("demo"), Role.EDGE, "test", null, null, List.of(), null, null));
        List<IceServer> ice = edge.hear(Welcome.class).ice();
        edge.close();
        return ice;
    }

    private record Received(StunMessage message, InetSocketAddress from) {}

    private Received ask(@Nullable Boolean change) throws Exception {
        StunMessage request = Binding.request(new SplittableRandom(), change);
        send(bytes(request));
        Received received = receive();
        assertThat(received.message().answers(request)).isTrue();
        return received;
    }

    private void send(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }

    private Received receive() throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        StunMessage message = StunMessage.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        return new Received(message, (InetSocketAddress) packet.getSocketAddress());
    }

    private static byte[] bytes(StunMessage message) {
        ByteBuffer encoded = message.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }
}
