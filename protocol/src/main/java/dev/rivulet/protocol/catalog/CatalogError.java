package dev.rivulet.protocol.catalog;

import java.util.Locale;

/** Why a head or batch is not taken, in the order in which it is checked (docs/protocol.md, section 4.1). */
public enum CatalogError {
    MALFORMED,
    ALGORITHM,
    TYPE,
    ROOT_KEY,
    DELEGATION,
    SIGNATURE,
    SITE,
    NOT_YET,
    EXPIRED,
    ROLLBACK;

    /** As documentation and vectors name it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
