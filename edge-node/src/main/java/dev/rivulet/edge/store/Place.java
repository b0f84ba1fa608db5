package dev.rivulet.edge.store;

import org.jspecify.annotations.Nullable;

/**
 * Where a slot's bytes lie. It is made before they are written and {@link #settle settled} once, before anybody can
 * find it.
 *
 * <p>There are as many as there are pieces, and nearly all lie in one run, told by one row: those take no object besides.
 */
final class Place {
    private static final Runs NOWHERE = Runs.of(0, 0);
    private static final int[] NO_ROWS = {};

    /** Of a place in several runs, or told by several rows. */
    private static final class Scattered {
        final Runs runs;
        final int[] rows;

        Scattered(Runs runs, int[] rows) {
            this.runs = runs;
            this.rows = rows;
        }
    }

    private final boolean sole;
    private final int bytes;
    /** The first block of the one run; negative while the bytes lie nowhere. */
    private int start = -1;
    /** The one row; 0, which is the table's title, where there is none or more than one. */
    private int row;

    private @Nullable Scattered scattered;

    /**
     * @param sole whether it is the only piece of its content, so that it proves itself without a layout
     * @param bytes length of what is stored, 1 or more
     */
    Place(boolean sole, int bytes) {
        this.sole = sole;
        this.bytes = bytes;
    }

    /**
     * Says where the bytes lie that no row tells of yet.
     *
     * @param runs as many {@link #blocks} as the bytes take
     */
    void lie(Runs runs) {
        settle(runs, NO_ROWS);
    }

    /**
     * Says where, and which rows tell it.
     *
     * @param runs as many {@link #blocks} as the bytes take
     */
    void settle(Runs runs, int[] tableRows) {
        if (runs.blocks() != blocks()) {
            throw new IllegalArgumentException(runs.blocks() + " blocks for " + bytes + " bytes");
        }
        if (runs.count() == 1 && tableRows.length <= 1) {
            start = runs.start(0);
            row = tableRows.length == 0 ? 0 : tableRows[0];
            scattered = null;
        } else {
            scattered = new Scattered(runs, tableRows);
        }
    }

    boolean isSole() {
        return sole;
    }

    int bytes() {
        return bytes;
    }

    boolean isSettled() {
        return rows().length > 0;
    }

    Runs runs() {
        if (scattered != null) {
            return scattered.runs;
        }
        return start >= 0 ? Runs.of(start, blocks()) : NOWHERE;
    }

    /** The rows of the table that say so, the first one first. */
    int[] rows() {
        if (scattered != null) {
            return scattered.rows;
        }
        return row > 0 ? new int[] {row} : NO_ROWS;
    }

    /** Blocks that the bytes take. */
    int blocks() {
        return (bytes + StoreFiles.BLOCK_BYTES - 1) / StoreFiles.BLOCK_BYTES;
    }

    /** Bytes that they take, in whole blocks. */
    int cost() {
        return blocks() * StoreFiles.BLOCK_BYTES;
    }
}
