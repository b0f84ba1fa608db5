package dev.rivulet.edge.peer.process;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket that a process connects to; gone once it is closed. */
final class Door implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Door.class);

    private final ServerSocketChannel channel;
    private final Path socket;
    private final @Nullable Path folder;

    private Door(ServerSocketChannel channel, Path socket, @Nullable Path folder) {
        this.channel = channel;
        this.socket = socket;
        this.folder = folder;
    }

    /**
     * Opens one.
     *
     * @param folder of this door alone, which goes with it; null: there is none
     */
    static Door open(Path socket, @Nullable Path folder) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(socket));
            return new Door(channel, socket, folder);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    Path socket() {
        return socket;
    }

    /** Waits for the process. */
    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    /** Ends the waiting, whoever waits. */
    void shut() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("closing a socket failed", e);
        }
    }

    @Override
    public void close() {
        shut();
        try {
            Files.deleteIfExists(socket);
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            log.warn("{} could not be removed: {}", socket, e.toString());
        }
    }
}
