package dev.rivulet.tracker.stun;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.stun.Binding;
import dev.rivulet.protocol.stun.StunMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers STUN Binding requests over UDP (RFC 8489), and from a second port whoever wants to know what its NAT or
 * firewall lets in (RFC 5780, as far as one address allows). Remembers nobody but for {@link SourceLimits}.
 */
public final class StunServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StunServer.class);

    private final Selector selector;
    private final DatagramChannel first;
    private final @Nullable DatagramChannel second;
    private final int port;
    private final SourceLimits limits = new SourceLimits(nowMs());
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(StunMessage.MAX_BYTES + 1);
    private final Thread thread = new Thread(this::answerAll, "stun");

    private StunServer(Selector selector, DatagramChannel first, @Nullable DatagramChannel second) throws IOException {
        this.selector = selector;
        this.first = first;
        this.second = second;
        this.port = portOf(first);
    }

    /**
     * Begins to answer.
     *
     * @param listen port 0 lets the system choose both ports; otherwise the second is the one after it, where that is free
     * @throws ConfigException when it cannot listen there
     */
    public static StunServer start(ListenAddress listen) {
        DatagramChannel first = null;
        try {
            first = bind(listen);
            DatagramChannel second = bindSecond(listen);
            Selector selector = Selector.open();
            first.register(selector, SelectionKey.OP_READ);
            if (second != null) {
                second.register(selector, SelectionKey.OP_READ);
            }
            StunServer server = new StunServer(selector, first, second);
            server.thread.start();
            log.info("answering STUN on UDP {}", listen.withPort(server.port));
            return server;
        } catch (IOException | UnresolvedAddressException e) {
            closeQuietly(first);
            throw new ConfigException(
                    "stun",
                    listen.toString(),
                    "cannot be listened on over UDP (" + e + "); choose another address or port, or write none");
        }
    }

    private static DatagramChannel bind(ListenAddress listen) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.bind(new InetSocketAddress(listen.host(), listen.port()));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | UnresolvedAddressException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private static @Nullable DatagramChannel bindSecond(ListenAddress listen) {
        int next = listen.port() == 0 ? 0 : listen.port() + 1;
        if (next > ListenAddress.MAX_PORT) {
            return null;
        }
        try {
            return bind(listen.withPort(next));
        } catch (IOException e) {
            log.info("no second port for STUN ({}): edges cannot find out all about their firewalls", e.toString());
            return null;
        }
    }

    private static void closeQuietly(@Nullable DatagramChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            log.debug("closing what could not be used: {}", e.toString());
        }
    }

    /** The UDP port that clients are told of. */
    public int port() {
        return port;
    }

    private void answerAll() {
        try {
            while (selector.isOpen()) {
                selector.select(key -> drain((DatagramChannel) key.channel()));
            }
        } catch (ClosedSelectorException e) {
            log.debug("stopped answering STUN");
        } catch (IOException e) {
            log.error("STUN is not answered any more", e);
        }
    }

    private void drain(DatagramChannel channel) {
        try {
            while (channel.isOpen()) {
                datagram.clear();
                if (!(channel.receive(datagram) instanceof InetSocketAddress from)) {
                    return;
                }
                datagram.flip();
                answer(channel, from);
            }
        } catch (IOException e) {
            // Among the causes are networks that went away; the next datagram may be from another.
            log.debug("a STUN request could not be answered: {}", e.toString());
        }
    }

    private void answer(DatagramChannel channel, InetSocketAddress from) throws IOException {
        if (!limits.admit(from.getAddress(), nowMs())) {
            return;
        }
        StunMessage request;
        try {
            request = StunMessage.decode(datagram);
        } catch (DecodeException e) {
            return; // as RFC 8489 §6.3 has it
        }
        Optional<Binding.Answer> answer = Binding.answer(request, from, other(channel));
        if (answer.isPresent()) {
            DatagramChannel sender = answer.get().fromOther() ? theOther(channel) : channel;
            if (sender != null) {
                sender.send(answer.get().message().encode(), from);
            }
        }
    }

    private @Nullable DatagramChannel theOther(DatagramChannel channel) {
        return channel.equals(first) ? second : first;
    }

    private @Nullable InetSocketAddress other(DatagramChannel channel) throws IOException {
        DatagramChannel other = theOther(channel);
        return other == null ? null : (InetSocketAddress) other.getLocalAddress();
    }

    private static int portOf(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() throws IOException {
        selector.close();
        first.close();
        if (second != null) {
            second.close();
        }
    }
}
