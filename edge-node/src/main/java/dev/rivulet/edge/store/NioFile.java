package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of this machine that stays open. An interrupt closes the channel under every thread that uses it
 * ({@link java.nio.channels.InterruptibleChannel}); so the interrupted one fails, and the others get another channel.
 */
final class NioFile implements Disk.File {
    private final Path path;
    private FileChannel channel;
    private boolean closed;

    /** What is done with the channel; once more where it was closed meanwhile. */
    private interface Use {
        void with(FileChannel channel) throws IOException;
    }

    NioFile(Path path) throws IOException {
        this.path = path;
        this.channel = newChannel();
    }

    private FileChannel newChannel() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private synchronized FileChannel channel() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (!channel.isOpen()) {
            channel = newChannel();
        }
        return channel;
    }

    private void use(Use use) throws IOException {
        while (true) {
            try {
                use.with(channel());
                return;
            } catch (ClosedByInterruptException ours) {
                throw ours;
            } catch (AsynchronousCloseException anotherThread) {
                // with the channel that is open now
            }
        }
    }

    @Override
    public long size() throws IOException {
        long[] size = new long[1];
        use(open -> size[0] = open.size());
        return size[0];
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        use(open -> {
            target.position(start);
            while (target.hasRemaining() && open.read(target, position + target.position() - start) >= 0) {
                // until full or at the end
            }
        });
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
        use(open -> {
            ByteBuffer rest = bytes.duplicate();
            int start = rest.position();
            while (rest.hasRemaining()) {
                open.write(rest, position + rest.position() - start);
            }
        });
    }

    @Override
    public void force() throws IOException {
        use(open -> open.force(false));
    }

    @Override
    public void truncate(long size) throws IOException {
        use(open -> open.truncate(size));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
