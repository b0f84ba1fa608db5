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
    /** Of a group: a path, which is seldom longer. */
    public static final int MAX_GROUP_CHARS = 256;
    /** Of a canonical URL; longer ones are not worth a catalog's space. */
    public static final int MAX_URL_CHARS = 2048;
    /** Include patterns of a site, and exclude patterns likewise. */
    public static final int MAX_PATTERNS = 64;
    /** Of a pattern; matching takes its length times the URL's. */
    public static final int MAX_PATTERN_CHARS = 256;
    /** Web origins of a site, and content origins likewise. */
    public static final int MAX_ORIGINS = 64;
    /** Of an origin pattern: the longest host name, and some. */
    public static final int MAX_ORIGIN_CHARS = 256;

    // Layouts and pieces (section 3)
    /** Of a resource; with larger ones layouts would not fit into {@link #MAX_PIECES}. */
    public static final long MAX_RESOURCE_BYTES = 4294967296L;
    /** Piece length of resources up to {@link #SMALL_RESOURCE_BYTES}. */
    public static final int SMALL_PIECE_BYTES = 262144;
    /** Piece length of larger resources, hence of the largest piece. */
    public static final int MAX_PIECE_BYTES = 1048576;
    /** Resources up to this size have small pieces. */
    public static final long SMALL_RESOURCE_BYTES = 1073741824L;
    /** Of a resource, since {@link #MAX_RESOURCE_BYTES} are that many of {@link #MAX_PIECE_BYTES}. */
    public static final int MAX_PIECES = 4096;
    /** Of the layout of {@link #MAX_PIECES} pieces. */
    public static final int MAX_LAYOUT_BYTES = 131088;

    // Catalog (section 4)
    /** Of a JWS, so that a batch fits into a message of a tracker. */
    public static final int MAX_JWS_CHARS = 49152;
    /** Of a site: each costs a verifier a signature. */
    public static final int MAX_DELEGATIONS = 8;
    /** Of a catalog: 65536 shards. */
    public static final int MAX_SHARD_DEPTH = 16;
    /** Of the index at {@link #MAX_SHARD_DEPTH}. */
    public static final int MAX_INDEX_BYTES = 2097152;
    /** Entries and removed URLs of a batch together. */
    public static final int MAX_BATCH_ENTRIES = 64;
    /** By how much a visitor's clock may be behind the signer's. */
    public static final int CLOCK_SKEW_SECONDS = 300;
    /** For how long a head is signed: how old a catalog a visitor may be shown. */
    public static final int HEAD_LIFETIME_SECONDS = 86400;
    /** For how long a peer gives to others after it last knew what is taken down. */
    public static final int STALE_GIVING_SECONDS = 300;
    /** That a site's operator has taken down at a time: 64 KiB that everybody holds. */
    public static final int MAX_BLOCKED_HASHES = 2048;
    /** Of a shard: what a visitor fetches to look up one URL. */
    public static final int MAX_SHARD_BYTES = 32768;
    /** Of an entry's JSON, so that several always fit into a shard. */
    public static final int MAX_ENTRY_BYTES = 8192;
    /** Of a layout inside an entry: resources up to 4 MiB need no second fetch. */
    public static final int MAX_INLINE_HASHES = 16;
    /** Of an index inside a catalog's body: 128 shards. */
    public static final int MAX_INLINE_INDEX_BYTES = 4096;
    /** Of a header's value in an entry, and of a validator. */
    public static final int MAX_HEADER_CHARS = 2048;
    /** For how long a page relies on its own revalidation. */
    public static final int REVALIDATED_SECONDS = 60;
    /** Of one publishing call, and removed URLs likewise. */
    public static final int MAX_PUBLISH_ENTRIES = 1000;
    /** Of one publishing call. */
    public static final int MAX_PUBLISH_BYTES = 8388608;

    // Tracker protocol (section 5)
    /** Of a WebSocket message, in either direction. */
    public static final int MAX_TRACKER_MESSAGE_BYTES = 65536;
    /** Between two pings of the tracker, shorter than proxies' idle timeouts. */
    public static final int TRACKER_PING_SECONDS = 25;
    /** Without a frame, after which either side gives the connection up. */
    public static final int TRACKER_SILENCE_SECONDS = 60;
    /** From the opening of the WebSocket to the hello. */
    public static final int HELLO_SECONDS = 10;
    /** After a loss, during which the peer id is kept for its owner. */
    public static final int RESUME_SECONDS = 60;
    /** Of one client, sustained. */
    public static final int MAX_MESSAGES_PER_SECOND = 100;
    /** Of one client, at once after a pause. */
    public static final int MAX_MESSAGE_BURST = 1000;
    /** Of a name and version. */
    public static final int MAX_AGENT_CHARS = 64;
    /** Of an edge's token. */
    public static final int MAX_TOKEN_CHARS = 256;
    /** Of the opaque string that resumes. */
    public static final int MAX_RESUME_CHARS = 128;
    /** Of a hello. */
    public static final int MAX_FEATURES = 16;
    /** Of the name of a feature. */
    public static final int MAX_FEATURE_CHARS = 32;
    /** Of an announce, and dropped ones likewise; so many fit into a message. */
    public static final int MAX_ANNOUNCE_IDS = 512;
    /** Of a peer at one time. */
    public static final int MAX_GROUPS = 8;
    /** Free upload slots that a peer may claim. */
    public static final int MAX_SLOTS = 64;
    /** Content ids that a page has announced at one time. */
    public static final int MAX_PAGE_HOLDINGS = 512;
    /** Content ids that an edge has announced at one time. */
    public static final int MAX_EDGE_HOLDINGS = 1000000;
    /** Of one lookup. */
    public static final int MAX_LOOKUP_IDS = 16;
    /** Of one answer. */
    public static final int MAX_PEERS = 20;
    /** Of one lookup. */
    public static final int MAX_EXCLUDED_PEERS = 64;
    /** Of the name of a signalling session. */
    public static final int MAX_SESSION_CHARS = 32;
    /** Of an offer or answer; browsers' are a tenth of it for data channels alone. */
    public static final int MAX_SDP_CHARS = 16384;
    /** Of an ICE candidate line. */
    public static final int MAX_CANDIDATE_CHARS = 1024;
    /** Of the media stream identification of a candidate. */
    public static final int MAX_SDP_MID_CHARS = 64;
    /** Of a candidate: an unsigned short in WebRTC. */
    public static final int MAX_SDP_LINE_INDEX = 65535;
    /** Of one message. */
    public static final int MAX_MISSING_URLS = 32;
    /** Of one report. */
    public static final int MAX_BAD_PIECES = 16;
    /** Of one report. */
    public static final int MAX_CONTRADICTED_URLS = 16;
    /** Neighbours told of in one report. */
    public static final int MAX_REPORT_LINKS = 64;
    /** Contents told of in one report. */
    public static final int MAX_REPORT_CONTENTS = 16;
    /** Of the name that its operator gave an edge. */
    public static final int MAX_EDGE_NAME_CHARS = 64;
    /** Of a welcome. */
    public static final int MAX_ICE_SERVERS = 16;
    /** Of an ICE server. */
    public static final int MAX_ICE_URLS = 8;
    /** Of an ICE server's URL, user name or credential. */
    public static final int MAX_ICE_CHARS = 512;
    /** Of a welcome. */
    public static final int MAX_TRACKERS = 16;
    /** Of an answer. */
    public static final int MAX_HTTP_HOLDERS = 8;
    /** Of an error's code. */
    public static final int MAX_ERROR_CODE_CHARS = 32;
    /** Of an error's message. */
    public static final int MAX_ERROR_MESSAGE_CHARS = 256;
    /** Of one message of an indexing edge, so that the largest resource's fit into four. */
    public static final int MAX_INDEX_HASHES = 1024;
    /** Of one header field that an indexing edge reports. */
    public static final int MAX_INDEX_HEADER_LINES = 8;
    /** That a tracker may give an indexing edge for one resource. */
    public static final int MAX_INDEX_SECONDS = 900;
    /** Without news of an indexing edge, after which it is not waited for; it tells of new hashes four times as often. */
    public static final int INDEX_SILENCE_SECONDS = 20;
    /** Of one message of hints. */
    public static final int MAX_HINTS = 16;
    /** That an edge pins, and likewise of those outside of which it wants nothing. */
    public static final int MAX_HINT_PATTERNS = 16;
    /** Peers that hold a content, up to which it is rare. */
    public static final int RARE_HOLDERS = 2;

    /** That a tracker waits for an edge's token at its base URL. */
    public static final int HTTP_CHECK_SECONDS = 10;
    /** After which a tracker looks again where it found an edge's token, on average. */
    public static final int HTTP_RECHECK_SECONDS = 3600;

    // Peer protocol (section 6)
    /** From the first signal to open channels. */
    public static final int CONNECT_SECONDS = 10;
    /** Of a block's payload; every data channel implementation carries it in one message. */
    public static final int MAX_BLOCK_BYTES = 32768;
    /** In a channel's send buffer, so that control messages and cancels do not wait long. */
    public static final int MAX_SEND_BUFFER_BYTES = 262144;
    /** Of a control message. */
    public static final int MAX_CONTROL_MESSAGE_BYTES = 16384;
    /** That a peer may say it accepts at once. */
    public static final int MAX_OUTSTANDING_REQUESTS = 64;
    /** Of one want. */
    public static final int MAX_WANT_IDS = 64;
    /** Contents that one neighbour may want to be told of. */
    public static final int MAX_WANTED_CONTENTS = 1024;
    /**
     * Control messages that a neighbour may send at once: it may ask for many pieces, and finish with them. An edge counts
     * each content of a want.
     */
    public static final int MAX_CONTROL_BURST = 4000;
    /** Control messages that a neighbour may send on and on; several times what the fastest connections need. */
    public static final int MAX_CONTROL_PER_SECOND = 1000;
    /** Piece indexes of one have. */
    public static final int MAX_HAVE_PIECES = 256;
    /** Of a bitfield of {@link #MAX_PIECES} pieces. */
    public static final int MAX_BITFIELD_BYTES = 512;
    /** Without a block, after which a request has failed. */
    public static final int PIECE_SECONDS = 10;
    /** Of the words with which a peer closes. */
    public static final int MAX_CLOSE_REASON_CHARS = 120;
    /** Without a message, after which a neighbour is given up. */
    public static final int PEER_SILENCE_SECONDS = 30;
    /** Between two pings of a peer. */
    public static final int PEER_PING_SECONDS = 10;

    private Limits() {}
}
