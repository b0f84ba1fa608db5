package dev.rivulet.edge.setup;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.stun.Binding;
import dev.rivulet.protocol.stun.StunMessage;
import dev.rivulet.protocol.stun.StunType;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks a STUN server where it sees a local port, and whether it gets in unasked (RFC 5780 §4, with one server address).
 *
 * <p>The two questions are asked from a port each. Where the server's other port has knocked at a Linux NAT, that keeps the
 * way back from there for what it heard, and lets what goes there out by another port of its own: it would pass for a
 * symmetric one. In the other order it would let in whom it knows.
 */
public final class StunProbe implements AutoCloseable {
    /** How often a request is sent before it counts as lost: UDP loses some. */
    static final int ATTEMPTS = 4;

    private final DatagramSocket socket;
    private final DatagramSocket second;
    private final RandomGenerator random;
    private final Duration patience;

    /**
     * @param socket whose port is examined; closed with this
     * @param second that nothing was sent from yet, and strangers shall get in at; closed with this
     * @param patience how long each attempt waits for its answer
     */
    public StunProbe(DatagramSocket socket, DatagramSocket second, RandomGenerator random, Duration patience) {
        this.socket = socket;
        this.second = second;
        this.random = random;
        this.patience = patience;
    }

    private record Answer(InetSocketAddress mapped, Optional<Integer> otherPort) {}

    /** Asks; takes as long as what is lost is waited for, some seconds at most. */
    public NatKind.Seen ask(InetSocketAddress server) throws IOException {
        Answer first = answer(socket, server, false);
        if (first == null || first.otherPort().isEmpty()) {
            return new NatKind.Seen(first == null ? null : first.mapped(), null, false);
        }
        InetSocketAddress otherPort =
                new InetSocketAddress(server.getAddress(), first.otherPort().get());
        Answer other = answer(socket, otherPort, false);
        boolean strangersGetIn = answer(second, server, true) != null;
        return new NatKind.Seen(first.mapped(), other == null ? null : other.mapped(), strangersGetIn);
    }

    private @Nullable Answer answer(DatagramSocket from, InetSocketAddress server, boolean fromOtherPort)
            throws IOException {
        StunMessage request = Binding.request(random, fromOtherPort);
        ByteBuffer encoded = request.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                from.send(new DatagramPacket(bytes, bytes.length, server));
                Answer answer = receive(from, request);
                if (answer != null) {
                    return answer;
                }
            } catch (SocketException refused) {
                return null; // no route, or told by ICMP that nobody is there
            }
        }
        return null;
    }

    private @Nullable Answer receive(DatagramSocket at, StunMessage request) throws IOException {
        long endNanos = System.nanoTime() + patience.toNanos();
        byte[] buffer = new byte[StunMessage.MAX_BYTES];
        for (long left = patience.toMillis(); left > 0; left = (endNanos - System.nanoTime()) / 1_000_000) {
            at.setSoTimeout(Math.toIntExact(left));
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                at.receive(packet);
                StunMessage answer = StunMessage.decode(ByteBuffer.wrap(buffer, 0, packet.getLength()));
                if (answer.answers(request) && answer.type() == StunType.SUCCESS) {
                    return new Answer(Binding.mapped(answer), Binding.otherPort(answer));
                }
            } catch (SocketTimeoutException e) {
                return null;
            } catch (DecodeException e) {
                // somebody else's packet
            }
        }
        return null;
    }

    @Override
    public void close() {
        socket.close();
        second.close();
    }
}
