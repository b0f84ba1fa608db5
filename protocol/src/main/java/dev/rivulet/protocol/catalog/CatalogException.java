package dev.rivulet.protocol.catalog;

/** A head, batch or delegation is not to be believed. */
public final class CatalogException extends Exception {
    private final CatalogError error;

    CatalogException(CatalogError error, String reason) {
        super(error.text() + ": " + reason);
        this.error = error;
    }

    /** What kind of disbelief. */
    public CatalogError error() {
        return error;
    }
}
