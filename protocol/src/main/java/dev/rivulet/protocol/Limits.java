package dev.rivulet.protocol;

/**
 * Every limit of docs/protocol.md under the name it has there. Sizes are in bytes, times in seconds, lengths of text in
 * UTF-16 units unless the name says otherwise.
 */
public final class Limits {
    // Encodings (section 2)
    /** Levels of nested JSON objects and arrays; the outermost counts as one. */
    public static final int MAX_JSON_DEPTH = 16;
    /** The largest integer that every JSON implementation carries exactly (2^53-1). */
    public static final long MAX_INTEGER = 9007199254740991L;
    /** The largest u32. */
    public static final long MAX_U32 = 4294967295L;

    public static final int MAX_GROUP_CHARS = 256;
    public static final int MAX_URL_CHARS = 2048;
    public static final int MAX_PATTERNS = 64;
    public static final int MAX_PATTERN_CHARS = 256;
    public static final int MAX_ORIGINS = 64;
    public static final int MAX_ORIGIN_CHARS = 256;

    // Layouts and pieces (section 3)
    public static final long MAX_RESOURCE_BYTES = 4294967296L;
    /** Piece length of resources up to {@link #SMALL_RESOURCE_BYTES}. */
    public static final int SMALL_PIECE_BYTES = 262144;
    /** Piece length of larger resources, hence of the largest piece. */
    public static final int MAX_PIECE_BYTES = 1048576;
    /** Resources up to this size have small pieces. */
    public static final long SMALL_RESOURCE_BYTES = 1073741824L;

    public static final int MAX_PIECES = 4096;
    public static final int MAX_LAYOUT_BYTES = 131088;

    // Catalog (section 4)
    public static final int MAX_JWS_CHARS = 49152;
    public static final int MAX_DELEGATIONS = 8;
    public static final int MAX_SHARD_DEPTH = 16;
    public static final int MAX_INDEX_BYTES = 2097152;
    public static final int MAX_BATCH_ENTRIES = 64;
    public static final int CLOCK_SKEW_SECONDS = 300;
    public static final int HEAD_LIFETIME_SECONDS = 86400;
    public static final int MAX_SHARD_BYTES = 32768;
    public static final int MAX_ENTRY_BYTES = 8192;
    public static final int MAX_INLINE_HASHES = 16;
    public static final int MAX_INLINE_INDEX_BYTES = 4096;
    public static final int MAX_HEADER_CHARS = 2048;
    public static final int REVALIDATED_SECONDS = 60;
    public static final int MAX_PUBLISH_ENTRIES = 1000;
    public static final int MAX_PUBLISH_BYTES = 8388608;

    // Tracker protocol (section 5)
    public static final int MAX_TRACKER_MESSAGE_BYTES = 65536;
    public static final int TRACKER_PING_SECONDS = 25;
    public static final int TRACKER_SILENCE_SECONDS = 60;
    public static final int HELLO_SECONDS = 10;
    public static final int RESUME_SECONDS = 60;
    public static final int MAX_MESSAGES_PER_SECOND = 100;
    public static final int MAX_MESSAGE_BURST = 1000;
    public static final int MAX_AGENT_CHARS = 64;
    public static final int MAX_TOKEN_CHARS = 256;
    public static final int MAX_RESUME_CHARS = 128;
    public static final int MAX_FEATURES = 16;
    public static final int MAX_FEATURE_CHARS = 32;
    public static final int MAX_ANNOUNCE_IDS = 512;
    public static final int MAX_GROUPS = 8;
    public static final int MAX_SLOTS = 64;
    public static final int MAX_PAGE_HOLDINGS = 512;
    public static final int MAX_EDGE_HOLDINGS = 1000000;
    public static final int MAX_LOOKUP_IDS = 16;
    public static final int MAX_PEERS = 20;
    public static final int MAX_EXCLUDED_PEERS = 64;
    public static final int MAX_SESSION_CHARS = 32;
    public static final int MAX_SDP_CHARS = 16384;
    public static final int MAX_CANDIDATE_CHARS = 1024;
    public static final int MAX_SDP_MID_CHARS = 64;
    public static final int MAX_SDP_LINE_INDEX = 65535;
    public static final int MAX_MISSING_URLS = 32;
    public static final int MAX_BAD_PIECES = 16;
    public static final int MAX_CONTRADICTED_URLS = 16;
    public static final int MAX_ICE_SERVERS = 16;
    public static final int MAX_ICE_URLS = 8;
    public static final int MAX_ICE_CHARS = 512;
    public static final int MAX_TRACKERS = 16;
    public static final int MAX_HTTP_HOLDERS = 8;
    public static final int MAX_ERROR_CODE_CHARS = 32;
    public static final int MAX_ERROR_MESSAGE_CHARS = 256;

    // Peer protocol (section 6)
    public static final int CONNECT_SECONDS = 10;
    public static final int MAX_BLOCK_BYTES = 32768;
    public static final int MAX_SEND_BUFFER_BYTES = 262144;
    public static final int MAX_CONTROL_MESSAGE_BYTES = 16384;
    public static final int MAX_OUTSTANDING_REQUESTS = 64;
    public static final int MAX_WANT_IDS = 64;
    public static final int MAX_HAVE_PIECES = 256;
    public static final int MAX_BITFIELD_BYTES = 512;
    public static final int PIECE_SECONDS = 10;
    public static final int MAX_CLOSE_REASON_CHARS = 120;
    public static final int PEER_SILENCE_SECONDS = 30;
    public static final int PEER_PING_SECONDS = 10;

    private Limits() {}
}
