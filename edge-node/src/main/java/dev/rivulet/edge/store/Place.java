package dev.rivulet.edge.store;

/**
 * Where a slot's bytes lie. It is made before they are written and {@link #settle settled} once, before anybody can
 * find it.
 */
final class Place {
    private static final Runs NOWHERE = Runs.of(0, 0);
    private static final int[] NO_ROWS = {};

    private final boolean sole;
    private final int bytes;
    private Runs runs = NOWHERE;
    private int[] rows = NO_ROWS;

    /**
     * @param sole whether it is the only piece of its content, so that it proves itself without a layout
     * @param bytes length of what is stored, 1 or more
     */
    Place(boolean sole, int bytes) {
        this.sole = sole;
        this.bytes = bytes;
    }

    /** Says where the bytes lie that no row tells of yet. */
    void lie(Runs blocks) {
        this.runs = blocks;
    }

    void settle(Runs blocks, int[] tableRows) {
        this.runs = blocks;
        this.rows = tableRows;
    }

    boolean isSole() {
        return sole;
    }

    int bytes() {
        return bytes;
    }

    boolean isSettled() {
        return rows.length > 0;
    }

    Runs runs() {
        return runs;
    }

    /** The rows of the table that say so, the first one first. */
    int[] rows() {
        return rows;
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
