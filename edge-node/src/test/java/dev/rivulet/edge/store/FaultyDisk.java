package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A disk that fails when told to, also below files that are open; a failing write leaves half of the bytes behind, as a
 * full disk does.
 */
final class FaultyDisk implements Disk {
    enum Operation {
        WRITE,
        FORCE,
        RENAME,
        READ,
        DELETE,
        CREATE_DIRECTORIES,
        TRUNCATE,
        LIST
    }

    private final Disk disk;
    private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);
    private final Map<Operation, Integer> failing = new EnumMap<>(Operation.class);
    private final Map<Operation, Boolean> broken = new EnumMap<>(Operation.class);

    FaultyDisk() {
        this(new NioDisk());
    }

    FaultyDisk(Disk disk) {
        this.disk = disk;
    }

    /** The {@code n}th call from now on fails, 1 being the next. */
    synchronized void failAt(Operation operation, int n) {
        failing.put(operation, calls.getOrDefault(operation, 0) + n);
    }

    /** Every call fails until {@link #repair}. */
    synchronized void breakDown(Operation operation) {
        broken.put(operation, true);
    }

    synchronized void repair() {
        broken.clear();
        failing.clear();
    }

    synchronized int calls(Operation operation) {
        return calls.getOrDefault(operation, 0);
    }

    private synchronized boolean fails(Operation operation) {
        int call = calls.merge(operation, 1, Integer::sum);
        return broken.containsKey(operation) || failing.getOrDefault(operation, 0) == call;
    }

    private void check(Operation operation) throws IOException {
        if (fails(operation)) {
            throw new IOException("injected: " + operation);
        }
    }

    @Override
    public File open(Path file) throws IOException {
        return new FaultyFile(disk.open(file));
    }

    @Override
    public void write(Path file, ByteBuffer bytes) throws IOException {
        if (fails(Operation.WRITE)) {
            disk.write(file, bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2));
            throw new IOException("injected: no space left on device");
        }
        disk.write(file, bytes);
    }

    @Override
    public void force(Path path) throws IOException {
        check(Operation.FORCE);
        disk.force(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        check(Operation.RENAME);
        disk.rename(from, to);
    }

    @Override
    public ByteBuffer read(Path file, int limit) throws IOException {
        check(Operation.READ);
        return disk.read(file, limit);
    }

    @Override
    public void delete(Path path) throws IOException {
        check(Operation.DELETE);
        disk.delete(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        check(Operation.CREATE_DIRECTORIES);
        disk.createDirectories(directory);
    }

    @Override
    public List<Found> list(Path directory) throws IOException {
        check(Operation.LIST);
        return disk.list(directory);
    }

    private final class FaultyFile implements File {
        private final File file;

        FaultyFile(File file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            check(Operation.READ);
            file.read(target, position);
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (fails(Operation.WRITE)) {
                file.write(bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2), position);
                throw new IOException("injected: no space left on device");
            }
            file.write(bytes, position);
        }

        @Override
        public void force() throws IOException {
            check(Operation.FORCE);
            file.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            check(Operation.TRUNCATE);
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
