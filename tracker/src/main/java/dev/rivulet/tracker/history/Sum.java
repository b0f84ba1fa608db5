package dev.rivulet.tracker.history;

import java.util.Locale;

/** What is summed up of a site. In the order of the table's columns. */
public enum Sum {
    /** Bytes that pages used, from their own stores. */
    STORE,
    /** Bytes that pages had from other pages. */
    PEERS,
    /** Bytes that pages had from edges. */
    EDGES,
    /** Bytes that pages had from origins. */
    ORIGIN,
    /** Bytes that edges had from origins. */
    EDGE_ORIGIN,
    /** Bytes that the tracker had from origins, to index them. */
    INDEX_ORIGIN,
    /** Bytes that pages and edges say that they sent. */
    UPLOADED,
    /** Pieces whose hash was right. */
    VERIFIED,
    /** Pieces whose hash was wrong. */
    REJECTED,
    /** Pieces that somebody provably sent wrong. */
    BAD,
    /** URLs whose origin served other bytes than their entry says. */
    CONTRADICTED,
    /** How often something that played had to wait. */
    STALLS,
    /** Responses that ended with an error. */
    FAILED,
    /** Reports taken. */
    REPORTS;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
