package dev.rivulet.edge.store;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of what is stored where. Big-endian; a slot has one row, and more where its blocks lie in more runs
 * than fit.
 *
 * <pre>
 *  0            32         40      44     46    47     48                  60
 *  +------------+----------+-------+------+-----+------+-------------------+-------+
 *  | content id | sequence | bytes | piece| kind| runs | 2 runs (start u32,| CRC32C|
 *  | (or runs)  |   u64    |  u32  |  u16 |  u8 |  u8  |  length u16)      |       |
 *  +------------+----------+-------+------+-----+------+-------------------+-------+
 * </pre>
 *
 * <p>A row of zeros is free. Whatever else a crash may have left of a row has another checksum.
 */
record Row(Kind kind, long sequence, @Nullable ContentId content, int bytes, int piece, List<Run> runs) {
    /** Length of a row: {@value}. It divides the sectors of disks, so that writing one touches no other. */
    static final int BYTES = 64;

    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;
    private static final int RUNS_AT = 48;
    private static final int KIND_AT = RUNS_AT - 2;
    private static final int RUN_BYTES = Integer.BYTES + Short.BYTES;
    private static final int RUNS_IN_FIRST = 2;
    private static final int RUNS_IN_MORE = RUNS_IN_FIRST + Sha256.BYTES / RUN_BYTES;

    /** What a row tells of. */
    enum Kind {
        LAYOUT(1),
        PIECE(2),
        /** The only piece of its content, which has no layout of its own. */
        SOLE_PIECE(3),
        /** More runs of the slot with the same sequence; {@link Row#piece} counts such rows from 0. */
        MORE(4);

        /** How it is written. */
        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static @Nullable Kind of(byte code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** Blocks one after the other. */
    record Run(int start, int length) {}

    /** The rows that tell where a slot lies. */
    static List<Row> of(Slot slot, Place place, Runs all, long sequence) {
        List<Row> rows = new ArrayList<>();
        Kind kind = slot.isLayout() ? Kind.LAYOUT : place.isSole() ? Kind.SOLE_PIECE : Kind.PIECE;
        int piece = slot.isLayout() ? 0 : slot.index();
        rows.add(new Row(kind, sequence, slot.content(), place.bytes(), piece, some(all, 0, RUNS_IN_FIRST)));
        for (int run = RUNS_IN_FIRST; run < all.count(); run += RUNS_IN_MORE) {
            rows.add(new Row(Kind.MORE, sequence, null, 0, rows.size() - 1, some(all, run, RUNS_IN_MORE)));
        }
        return rows;
    }

    private static List<Run> some(Runs all, int from, int most) {
        List<Run> some = new ArrayList<>();
        for (int run = from; run < Math.min(all.count(), from + most); run++) {
            some.add(new Run(all.start(run), all.length(run)));
        }
        return some;
    }

    /** Number of rows of a slot whose bytes lie in so many runs. */
    static int needed(int runs) {
        return 1 + (Math.max(0, runs - RUNS_IN_FIRST) + RUNS_IN_MORE - 1) / RUNS_IN_MORE;
    }

    /** The slot; not of {@link Kind#MORE}. */
    Slot slot() {
        if (content == null) {
            throw new IllegalStateException("a row of more runs");
        }
        return new Slot(content, kind == Kind.LAYOUT ? Slot.LAYOUT : piece);
    }

    ByteBuffer encode() {
        ByteBuffer row = ByteBuffer.allocate(BYTES);
        if (content != null) {
            content.hash().write(row);
        }
        row.position(Sha256.BYTES);
        row.putLong(sequence).putInt(bytes).putShort((short) piece);
        row.put(kind.code).put((byte) runs.size());
        for (int run = 0; run < runs.size(); run++) {
            row.position(runAt(run));
            row.putInt(runs.get(run).start());
            row.putShort((short) runs.get(run).length());
        }
        return row.putInt(CHECKED_BYTES, checksum(row.array(), 0)).rewind();
    }

    private static int runAt(int run) {
        return run < RUNS_IN_FIRST ? RUNS_AT + run * RUN_BYTES : (run - RUNS_IN_FIRST) * RUN_BYTES;
    }

    /** Whether there is a whole row at {@code offset} that is the first of a slot. */
    static boolean beginsSlot(byte[] table, int offset) {
        Kind kind = Kind.of(table[offset + KIND_AT]);
        return kind != null && kind != Kind.MORE && isWhole(table, offset);
    }

    /** The sequence of the row at {@code offset}. */
    static long sequence(byte[] table, int offset) {
        return ByteBuffer.wrap(table).getLong(offset + Sha256.BYTES);
    }

    /** Reads the row at {@code offset}; null when it is free, torn or not a row. */
    static @Nullable Row decode(byte[] table, int offset) {
        ByteBuffer row = ByteBuffer.wrap(table, offset, BYTES).slice();
        Kind kind = Kind.of(row.get(KIND_AT));
        int count = row.get(RUNS_AT - 1);
        if (kind == null || !isWhole(table, offset)) {
            return null;
        }
        boolean more = kind == Kind.MORE;
        int bytes = row.getInt(Sha256.BYTES + Long.BYTES);
        int piece = Short.toUnsignedInt(row.getShort(RUNS_AT - 2 * Short.BYTES));
        if (count < 1
                || count > (more ? RUNS_IN_MORE : RUNS_IN_FIRST)
                || (!more && (bytes < 1 || bytes > Limits.MAX_PIECE_BYTES || piece >= Limits.MAX_PIECES))) {
            return null;
        }
        List<Run> runs = new ArrayList<>(count);
        for (int run = 0; run < count; run++) {
            int at = runAt(run);
            runs.add(new Run(row.getInt(at), Short.toUnsignedInt(row.getShort(at + Integer.BYTES))));
        }
        ContentId content = more ? null : new ContentId(Sha256.read(row));
        return new Row(kind, row.getLong(Sha256.BYTES), content, bytes, piece, runs);
    }

    private static boolean isWhole(byte[] table, int offset) {
        return ByteBuffer.wrap(table).getInt(offset + CHECKED_BYTES) == checksum(table, offset);
    }

    private static int checksum(byte[] bytes, int offset) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, CHECKED_BYTES);
        return (int) checksum.getValue();
    }
}
