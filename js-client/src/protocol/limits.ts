/** The limits of docs/protocol.md that concern the browser client, under the same names; a test compares them. */

// Encodings (section 2)
export const MAX_JSON_DEPTH = 16;
export const MAX_GROUP_CHARS = 256;
export const MAX_URL_CHARS = 2048;
export const MAX_PATTERNS = 64;
export const MAX_PATTERN_CHARS = 256;
export const MAX_ORIGINS = 64;
export const MAX_ORIGIN_CHARS = 256;

// Layouts and pieces (section 3)
export const MAX_RESOURCE_BYTES = 4_294_967_296;
export const SMALL_PIECE_BYTES = 262_144;
export const MAX_PIECE_BYTES = 1_048_576;
export const SMALL_RESOURCE_BYTES = 1_073_741_824;
export const MAX_PIECES = 4096;
export const MAX_LAYOUT_BYTES = 131_088;

// Catalog (section 4)
export const MAX_JWS_CHARS = 49_152;
export const MAX_DELEGATIONS = 8;
export const MAX_SHARD_DEPTH = 16;
export const MAX_INDEX_BYTES = 2_097_152;
export const MAX_BATCH_ENTRIES = 64;
export const CLOCK_SKEW_SECONDS = 300;
export const STALE_GIVING_SECONDS = 300;
export const MAX_BLOCKED_HASHES = 2048;
export const MAX_SHARD_BYTES = 32_768;
export const MAX_INLINE_HASHES = 16;
export const MAX_INLINE_INDEX_BYTES = 4096;
export const MAX_HEADER_CHARS = 2048;
export const REVALIDATED_SECONDS = 60;

// Tracker protocol (section 5)
export const MAX_TRACKER_MESSAGE_BYTES = 65_536;
export const TRACKER_SILENCE_SECONDS = 60;
export const MAX_AGENT_CHARS = 64;
export const MAX_TOKEN_CHARS = 256;
export const MAX_RESUME_CHARS = 128;
export const MAX_FEATURES = 16;
export const MAX_FEATURE_CHARS = 32;
export const MAX_ANNOUNCE_IDS = 512;
export const MAX_GROUPS = 8;
export const MAX_SLOTS = 64;
export const MAX_PAGE_HOLDINGS = 512;
export const MAX_LOOKUP_IDS = 16;
export const MAX_PEERS = 20;
export const MAX_EXCLUDED_PEERS = 64;
export const MAX_SESSION_CHARS = 32;
export const MAX_SDP_CHARS = 16_384;
export const MAX_CANDIDATE_CHARS = 1024;
export const MAX_SDP_MID_CHARS = 64;
export const MAX_SDP_LINE_INDEX = 65_535;
export const MAX_MISSING_URLS = 32;
export const MAX_BAD_PIECES = 16;
export const MAX_CONTRADICTED_URLS = 16;
export const MAX_REPORT_LINKS = 64;
export const MAX_REPORT_CONTENTS = 16;
export const MAX_ICE_SERVERS = 16;
export const MAX_ICE_URLS = 8;
export const MAX_ICE_CHARS = 512;
export const MAX_TRACKERS = 16;
export const MAX_HTTP_HOLDERS = 8;
export const MAX_ERROR_CODE_CHARS = 32;
export const MAX_ERROR_MESSAGE_CHARS = 256;

// Peer protocol (section 6)
export const CONNECT_SECONDS = 10;
export const MAX_BLOCK_BYTES = 32_768;
export const MAX_SEND_BUFFER_BYTES = 262_144;
export const MAX_CONTROL_MESSAGE_BYTES = 16_384;
export const MAX_OUTSTANDING_REQUESTS = 64;
export const MAX_WANT_IDS = 64;
export const MAX_WANTED_CONTENTS = 1024;
export const MAX_CONTROL_BURST = 4000;
export const MAX_CONTROL_PER_SECOND = 1000;
export const MAX_HAVE_PIECES = 256;
export const MAX_BITFIELD_BYTES = 512;
export const PIECE_SECONDS = 10;
export const MAX_CLOSE_REASON_CHARS = 120;
export const PEER_SILENCE_SECONDS = 30;
export const PEER_PING_SECONDS = 10;
