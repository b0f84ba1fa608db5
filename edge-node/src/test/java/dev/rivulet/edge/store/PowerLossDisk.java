package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A disk in memory whose power can fail. Until a file is forced, every write since may reach it or not, whole or in
 * part, in whatever order; when the process alone dies, all have. Only files that are open are kept.
 */
final class PowerLossDisk implements Disk {
    private final Map<Path, MemoryFile> files = new HashMap<>();
    private int writesLeft = Integer.MAX_VALUE;

    /** Lets {@code writes} more writes through, the last one in part; then everything fails as if the power were off. */
    void cutAfter(int writes) {
        writesLeft = writes;
    }

    /** What a machine finds that is switched on again. */
    void losePower(Random random) {
        writesLeft = Integer.MAX_VALUE;
        files.values().forEach(file -> file.losePower(random));
    }

    /** What a process finds that was killed and is started again. */
    void restart() {
        writesLeft = Integer.MAX_VALUE;
    }

    /** Whether the cut has come. */
    boolean isOff() {
        return writesLeft <= 0;
    }

    /** Bytes from the beginning of every file to its end. */
    long usage() {
        return files.values().stream().mapToLong(file -> file.content.length).sum();
    }

    @Override
    public File open(Path file) {
        return files.computeIfAbsent(file, unused -> new MemoryFile());
    }

    @Override
    public void write(Path file, ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(Path path) {
        // names are never forgotten here
    }

    @Override
    public void rename(Path from, Path to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ByteBuffer read(Path file, int limit) throws IOException {
        throw new NoSuchFileException(file.toString());
    }

    @Override
    public void delete(Path path) {
        files.remove(path);
    }

    @Override
    public void createDirectories(Path directory) {
        // there are none
    }

    @Override
    public List<Found> list(Path directory) {
        return List.of();
    }

    private static final class Written {
        final long position;
        final byte[] bytes;

        Written(long position, byte[] bytes) {
            this.position = position;
            this.bytes = bytes;
        }
    }

    private final class MemoryFile implements File {
        private byte[] content = {};
        private byte[] forced = {};
        private final List<Written> unforced = new ArrayList<>();

        @Override
        public synchronized long size() {
            return content.length;
        }

        @Override
        public synchronized void read(ByteBuffer target, long position) throws IOException {
            check();
            int length = (int) Math.min(target.remaining(), Math.max(0, content.length - position));
            if (length > 0) {
                target.put(content, (int) position, length);
            }
        }

        @Override
        public synchronized void write(ByteBuffer bytes, long position) throws IOException {
            check();
            byte[] written = new byte[bytes.remaining() / (writesLeft == 1 ? 2 : 1)];
            bytes.duplicate().get(written);
            content = with(content, position, written, written.length);
            unforced.add(new Written(position, written));
            writesLeft--;
            check();
        }

        private void check() throws IOException {
            if (writesLeft <= 0) {
                throw new IOException("the power is off");
            }
        }

        private static byte[] with(byte[] content, long position, byte[] bytes, int length) {
            byte[] result = Arrays.copyOf(content, Math.max(content.length, (int) position + length));
            System.arraycopy(bytes, 0, result, (int) position, length);
            return result;
        }

        @Override
        public synchronized void force() throws IOException {
            check();
            forced = content.clone();
            unforced.clear();
        }

        @Override
        public synchronized void truncate(long size) throws IOException {
            check();
            if (size < content.length) {
                content = Arrays.copyOf(content, (int) size);
                forced = Arrays.copyOf(forced, (int) Math.min(size, forced.length));
                unforced.removeIf(written -> written.position + written.bytes.length > size);
            }
        }

        void losePower(Random random) {
            Collections.shuffle(unforced, random);
            byte[] found = forced;
            for (Written written : unforced) {
                byte[] bytes = written.bytes;
                switch (random.nextInt(3)) {
                    case 0 -> found = with(found, written.position, bytes, bytes.length);
                    case 1 -> {
                        int from = random.nextInt(bytes.length + 1);
                        byte[] part = Arrays.copyOfRange(bytes, from, from + random.nextInt(bytes.length - from + 1));
                        found = with(found, written.position + from, part, part.length);
                    }
                    default -> {
                        // forgotten
                    }
                }
            }
            content = found;
            forced = found.clone();
            unforced.clear();
        }

        @Override
        public void close() {
            // may be opened again
        }
    }
}
