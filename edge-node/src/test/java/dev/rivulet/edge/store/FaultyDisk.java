package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A disk that fails when told to; a failing write leaves half of the bytes behind, as a full disk does. */
final class FaultyDisk implements Disk {
    enum Operation {
        WRITE,
        FORCE,
        RENAME,
        READ,
        DELETE,
        CREATE_DIRECTORIES,
        LIST
    }

    private final Disk disk = new NioDisk();
    private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);
    private final Map<Operation, Integer> failing = new EnumMap<>(Operation.class);
    private final Map<Operation, Boolean> broken = new EnumMap<>(Operation.class);

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
}
