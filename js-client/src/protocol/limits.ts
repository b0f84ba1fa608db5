/** The limits of docs/protocol.md that the browser client needs, under the same names; a test compares them. */

export const MAX_JSON_DEPTH = 16;
export const MAX_GROUP_CHARS = 256;
export const MAX_URL_CHARS = 2048;
export const MAX_PATTERNS = 64;
export const MAX_PATTERN_CHARS = 256;

export const MAX_RESOURCE_BYTES = 4_294_967_296;
export const MAX_PIECES = 4096;

export const MAX_JWS_CHARS = 65_536;
export const MAX_DELEGATIONS = 8;
export const MAX_SHARD_DEPTH = 16;
export const MAX_BATCH_ENTRIES = 64;
export const CLOCK_SKEW_SECONDS = 300;
export const MAX_SHARD_BYTES = 32_768;
export const MAX_INLINE_HASHES = 16;
export const MAX_INLINE_INDEX_BYTES = 4096;
export const MAX_HEADER_CHARS = 2048;
export const REVALIDATED_SECONDS = 60;

export const MAX_TRACKER_MESSAGE_BYTES = 65_536;
export const TRACKER_SILENCE_SECONDS = 60;
export const MAX_ANNOUNCE_IDS = 512;
export const MAX_GROUPS = 8;
export const MAX_PAGE_HOLDINGS = 512;
export const MAX_LOOKUP_IDS = 16;
export const MAX_PEERS = 20;
export const MAX_SDP_CHARS = 16_384;
export const MAX_MISSING_URLS = 32;

export const CONNECT_SECONDS = 10;
export const MAX_BLOCK_BYTES = 32_768;
export const MAX_SEND_BUFFER_BYTES = 262_144;
export const MAX_CONTROL_MESSAGE_BYTES = 16_384;
export const MAX_OUTSTANDING_REQUESTS = 64;
export const MAX_WANT_IDS = 64;
export const PIECE_SECONDS = 10;
export const PEER_SILENCE_SECONDS = 30;
export const PEER_PING_SECONDS = 10;
