package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file that says what is stored where: a {@link Row} is written when a slot is filled and zeroed when it is emptied,
 * in place, so that the file needs neither a journal nor tidying up, and a start reads it from end to end: once, or twice
 * where it tells of more than there is memory for. Not for
 * several threads, {@link #force} excepted.
 */
final class PlaceTable {
    /** What the first row says, so that no other format is ever mistaken for this one. */
    private static final String TITLE = "Rivulet piece store, format 1";

    private static final int ROWS_PER_READ = 16_384;

    /** A slot that was there when the table was read. */
    record Found(Slot slot, Place place, long sequence) {}

    /**
     * What the table tells of.
     *
     * @param slots newest first
     * @param dropped how many there were beyond those, which are gone now
     */
    record Loaded(List<Found> slots, int dropped) {}

    private record Numbered(Row row, int number) {}

    private final Disk.File file;
    private final int limit;
    private final BitSet taken = new BitSet();
    private int lowest = 1;
    private long sequence;
    private int dropped;

    /** @param limit rows that there may be, the first one not counted */
    PlaceTable(Disk.File file, int limit) {
        this.file = file;
        this.limit = limit;
    }

    /**
     * Reads what is complete, and frees the rows of all but the newest slots before it makes anything of them: a table
     * may tell of far more than there is memory for.
     *
     * @param most slots that there is memory for, 1 or more
     * @throws UnknownFormatException when the file is not such a table
     */
    Loaded load(int most) throws IOException {
        long rows = Math.min(file.size() / Row.BYTES, 1L + limit);
        file.truncate(rows * Row.BYTES);
        ByteBuffer title = title();
        if (rows == 0) {
            file.write(title, 0);
            file.force();
            return new Loaded(List.of(), 0);
        }
        ByteBuffer first = ByteBuffer.allocate(Row.BYTES);
        file.read(first, 0);
        if (!first.flip().equals(title)) {
            throw new UnknownFormatException();
        }
        List<Numbered> slots = new ArrayList<>();
        Map<Long, List<Numbered>> more = new HashMap<>();
        read((int) rows, oldestKept((int) rows, most), slots, more);
        slots.sort(Comparator.comparingLong((Numbered each) -> each.row().sequence())
                .reversed());
        return new Loaded(found(slots, more), dropped);
    }

    /** The table is of another format, or its first row is damaged. */
    static final class UnknownFormatException extends IOException {}

    private static ByteBuffer title() {
        ByteBuffer title = ByteBuffer.allocate(Row.BYTES);
        title.put(TITLE.getBytes(StandardCharsets.US_ASCII));
        return title.rewind();
    }

    /** The least sequence of the newest slots; one that none is below where there is room for all. */
    private long oldestKept(int rows, int most) throws IOException {
        if (rows - 1 <= most) {
            return Long.MIN_VALUE;
        }
        Newest newest = new Newest(most, rows);
        scan(rows, (chunk, row, number) -> {
            if (Row.beginsSlot(chunk, row)) {
                newest.add(Row.sequence(chunk, row));
            }
            return false;
        });
        return newest.oldest();
    }

    private void read(int rows, long oldest, List<Numbered> slots, Map<Long, List<Numbered>> more) throws IOException {
        scan(rows, (chunk, at, number) -> {
            Row row = Row.decode(chunk, at);
            if (row == null) {
                return false;
            }
            sequence = Math.max(sequence, row.sequence());
            boolean isMore = row.kind() == Row.Kind.MORE;
            if (row.sequence() < oldest) {
                dropped += isMore ? 0 : 1;
                return true;
            }
            Numbered numbered = new Numbered(row, number);
            if (isMore) {
                more.computeIfAbsent(row.sequence(), unused -> new ArrayList<>())
                        .add(numbered);
            } else {
                slots.add(numbered);
            }
            return false;
        });
    }

    /** Looks at rows, and says of each whether it is to be freed. */
    private interface Look {
        /** @param at where in {@code chunk} the row begins that has this number */
        boolean frees(byte[] chunk, int at, int number);
    }

    private void scan(int rows, Look look) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(ROWS_PER_READ * Row.BYTES);
        for (int first = 1; first < rows; first += ROWS_PER_READ) {
            file.read(chunk.clear(), (long) first * Row.BYTES);
            int count = Math.min(chunk.position() / Row.BYTES, rows - first);
            boolean changed = false;
            for (int row = 0; row < count; row++) {
                int at = row * Row.BYTES;
                if (look.frees(chunk.array(), at, first + row)) {
                    Arrays.fill(chunk.array(), at, at + Row.BYTES, (byte) 0);
                    changed = true;
                }
            }
            if (changed && !file.isReadOnly()) {
                // All at once: those that stay are written as they were, so a crash meanwhile does them no harm.
                file.write(chunk.position(0).limit(count * Row.BYTES), (long) first * Row.BYTES);
            }
        }
    }

    private List<Found> found(List<Numbered> slots, Map<Long, List<Numbered>> more) {
        List<Found> found = new ArrayList<>(slots.size());
        for (Numbered first : slots) {
            Row row = first.row();
            List<Numbered> parts = parts(first, more.get(row.sequence()));
            Place place = new Place(row.kind() == Row.Kind.SOLE_PIECE, row.bytes());
            Runs runs = runs(parts);
            // Rows of some of the runs may have been lost when the machine went down.
            if (runs.blocks() == place.blocks()) {
                place.settle(runs, numbers(parts));
                found.add(new Found(row.slot(), place, row.sequence()));
                for (int number : place.rows()) {
                    taken.set(number);
                }
            }
        }
        return found;
    }

    /** All rows of a slot, in their order. A store has millions of slots, nearly all of one row. */
    private static List<Numbered> parts(Numbered first, @Nullable List<Numbered> more) {
        if (more == null) {
            return List.of(first);
        }
        List<Numbered> parts = new ArrayList<>(more);
        parts.sort(Comparator.comparingInt(each -> each.row().piece()));
        parts.add(0, first);
        return parts;
    }

    private static Runs runs(List<Numbered> parts) {
        List<Row.Run> first = parts.get(0).row().runs();
        if (parts.size() == 1 && first.size() == 1) {
            return Runs.of(first.get(0).start(), first.get(0).length());
        }
        Runs.Builder runs = new Runs.Builder();
        parts.forEach(part -> part.row().runs().forEach(run -> runs.add(run.start(), run.length())));
        return runs.build();
    }

    private static int[] numbers(List<Numbered> parts) {
        int[] numbers = new int[parts.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = parts.get(i).number();
        }
        return numbers;
    }

    /** Settles a place whose bytes lie in {@code runs}. Where the disk fails, it stays unsettled. */
    void add(Slot slot, Place place, Runs runs) throws IOException {
        int[] rows = new int[Row.needed(runs.count())];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = taken.nextClearBit(lowest);
            lowest = rows[row] + 1;
            taken.set(rows[row]);
        }
        List<Row> content = Row.of(slot, place, runs, ++sequence);
        try {
            for (int row = 0; row < rows.length; row++) {
                file.write(content.get(row).encode(), (long) rows[row] * Row.BYTES);
            }
        } catch (IOException e) {
            release(rows);
            throw e;
        }
        place.settle(runs, rows);
    }

    /** Frees rows, also where the disk refuses to note it: what they tell of is then found to be no more. */
    void remove(int[] rows) throws IOException {
        release(rows);
        for (int row : rows) {
            file.write(ByteBuffer.allocate(Row.BYTES), (long) row * Row.BYTES);
        }
    }

    private void release(int[] rows) {
        for (int row : rows) {
            taken.clear(row);
            lowest = Math.min(lowest, row);
        }
    }

    /** Writes what is there already; fails where the disk takes nothing. */
    void probe() throws IOException {
        file.write(title(), 0);
    }

    /** Makes an empty table of whatever it was. */
    void clear() throws IOException {
        file.truncate(0);
    }

    long size() throws IOException {
        return file.size();
    }

    void force() throws IOException {
        file.force();
    }

    void close() throws IOException {
        file.close();
    }
}
