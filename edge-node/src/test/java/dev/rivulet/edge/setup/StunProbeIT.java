package dev.rivulet.edge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.stun.Binding;
import dev.rivulet.protocol.stun.StunMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Asks over real sockets; {@link Network} answers as a STUN server behind the kinds of NAT that there are. */
final class StunProbeIT {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** A STUN server with two ports, and a NAT before it. */
    private static final class Network implements AutoCloseable {
        private final DatagramSocket main = socket();
        private final DatagramSocket other = socket();
        private final boolean forwards;
        private final boolean portForEach;
        /** Ports at which the server's other port knocked in vain. */
        private final Set<Integer> knockedAt = ConcurrentHashMap.newKeySet();

        /**
         * @param forwards whether the NAT lets in whom nothing was sent to
         * @param portForEach whether it takes another port for each address
         */
        Network(boolean forwards, boolean portForEach) throws IOException {
            this.forwards = forwards;
            this.portForEach = portForEach;
            for (DatagramSocket port : new DatagramSocket[] {main, other}) {
                Thread thread = new Thread(() -> serve(port), "network");
                thread.setDaemon(true);
                thread.start();
            }
        }

        private static DatagramSocket socket() throws IOException {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        }

        InetSocketAddress address() {
            return (InetSocketAddress) main.getLocalSocketAddress();
        }

        private void serve(DatagramSocket asked) {
            DatagramPacket packet = new DatagramPacket(new byte[StunMessage.MAX_BYTES], StunMessage.MAX_BYTES);
            try {
                while (true) {
                    asked.receive(packet);
                    answer(asked, packet);
                }
            } catch (IOException | DecodeException closed) {
                // the test is over
            }
        }

        private void answer(DatagramSocket asked, DatagramPacket packet) throws IOException, DecodeException {
            StunMessage request = StunMessage.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
            SocketAddress client = packet.getSocketAddress();
            InetSocketAddress otherAddress = (InetSocketAddress) other.getLocalSocketAddress();
            Binding.Answer answer = Binding.answer(request, seen(asked, packet.getPort()), otherAddress)
                    .orElseThrow();
            if (answer.fromOther() && !forwards) {
                knockedAt.add(packet.getPort());
                return;
            }
            ByteBuffer encoded = answer.message().encode();
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            (answer.fromOther() ? other : asked).send(new DatagramPacket(bytes, bytes.length, client));
        }

        /** As Linux does: it keeps the port, unless the way back to that is taken by whom it did not let in. */
        private InetSocketAddress seen(DatagramSocket asked, int port) {
            boolean changed = asked == other && (portForEach || knockedAt.contains(port));
            return new InetSocketAddress("192.0.2.1", changed ? port ^ 1 : port);
        }

        @Override
        public void close() {
            main.close();
            other.close();
        }
    }

    private static NatKind kind(@Nullable Network network, InetSocketAddress server) throws IOException {
        DatagramSocket one = new DatagramSocket();
        DatagramSocket another = new DatagramSocket();
        try (network;
                StunProbe probe = new StunProbe(one, another, new Random(1), PATIENCE)) {
            return NatKind.of(probe.ask(server), Set.of());
        }
    }

    private static NatKind kind(Network network) throws IOException {
        return kind(network, network.address());
    }

    @Test
    void aNatThatKeepsItsPortIsSteadyThoughStrangersKnockedAtIt() throws IOException {
        assertThat(kind(new Network(false, false))).isEqualTo(NatKind.STEADY);
    }

    @Test
    void aNatThatLetsStrangersInForwards() throws IOException {
        assertThat(kind(new Network(true, false))).isEqualTo(NatKind.FORWARDED);
    }

    @Test
    void aNatWithAnotherPortForEachIsSymmetric() throws IOException {
        assertThat(kind(new Network(false, true))).isEqualTo(NatKind.SYMMETRIC);
    }

    @Test
    void whereNobodyAnswersNothingIsReachable() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(kind(null, (InetSocketAddress) silent.getLocalSocketAddress()))
                    .isEqualTo(NatKind.UNREACHABLE);
        }
    }
}
