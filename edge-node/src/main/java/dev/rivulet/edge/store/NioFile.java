package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of this machine that stays open. An interrupt closes the channel under every thread that uses it
 * ({@link java.nio.channels.InterruptibleChannel}); so the interrupted one fails, and the others get another channel.
 * Where the file system is read-only the file is read, and a write has it opened for writing as soon as that is possible.
 */
final class NioFile implements Disk.File {
    private static final Logger log = LoggerFactory.getLogger(NioFile.class);

    private final Path path;
    private FileChannel channel;
    /** One that others may still read from. */
    private @Nullable FileChannel former;

    private boolean writable;
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
        try {
            FileChannel made = newWritableChannel();
            writable = true;
            return made;
        } catch (IOException e) {
            if (!ReadOnly.isReasonOf(e, path)) {
                throw e;
            }
            writable = false;
            return FileChannel.open(path, StandardOpenOption.READ);
        }
    }

    private FileChannel newWritableChannel() throws IOException {
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

    private synchronized FileChannel writableChannel() throws IOException {
        FileChannel open = channel();
        if (writable) {
            return open;
        }
        channel = newWritableChannel();
        former = open;
        writable = true;
        return channel;
    }

    @Override
    public synchronized boolean isReadOnly() {
        return !writable;
    }

    private void use(Use use) throws IOException {
        use(use, false);
    }

    private void use(Use use, boolean writing) throws IOException {
        while (true) {
            try {
                use.with(writing ? writableChannel() : channel());
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
        use(
                open -> {
                    ByteBuffer rest = bytes.duplicate();
                    int start = rest.position();
                    while (rest.hasRemaining()) {
                        open.write(rest, position + rest.position() - start);
                    }
                },
                true);
    }

    @Override
    public void force() throws IOException {
        if (!isReadOnly()) {
            use(open -> open.force(false), true);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        if (size() <= size) {
            return;
        }
        if (isReadOnly()) {
            log.warn("{} is on a read-only file system, and stays longer than {} bytes", path, size);
        } else {
            use(open -> open.truncate(size), true);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (former != null) {
            former.close();
        }
        channel.close();
    }
}
