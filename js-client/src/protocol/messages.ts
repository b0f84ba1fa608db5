import type { ContentId, PeerId, ShardHash, SiteId } from "./ids.ts";

/** docs/protocol.md §5 and §6. Times are seconds since 1970 UTC, binary values base64url texts. */

export interface Policy {
	readonly mode: "open" | "edges" | "oblivious";
	readonly consent: boolean;
	readonly webOrigins: readonly string[];
	readonly contentOrigins: readonly string[];
	readonly include: readonly string[];
	readonly exclude: readonly string[];
	readonly allowPrivate: boolean;
	readonly upload: boolean;
}

/** §4.5: the body of `/sites/{site}/catalog`. */
export interface CatalogBody {
	readonly rootKey: string;
	readonly delegations: readonly string[];
	readonly head: string;
	/** Present when it has at most `MAX_INLINE_INDEX_BYTES`. */
	readonly index?: string;
	/** Present over HTTP only. */
	readonly policy?: Policy;
}

export interface Candidate {
	/** Empty: no more follow. */
	readonly candidate: string;
	readonly sdpMid?: string;
	readonly sdpMLineIndex?: number;
}

/** What a signal says: exactly one of these. */
export type SignalBody =
	| { readonly offer: string }
	| { readonly answer: string }
	| { readonly candidate: Candidate }
	| { readonly close: true };

export type Role = "page" | "edge";

// From client to tracker

export interface Hello {
	readonly type: "hello";
	readonly site: SiteId;
	readonly role: Role;
	readonly agent: string;
	readonly token?: string;
	readonly resume?: string;
	readonly features: readonly string[];
	readonly http?: string;
	readonly mode?: "open" | "edges";
}

export interface Announce {
	readonly type: "announce";
	readonly have: readonly ContentId[];
	readonly drop: readonly ContentId[];
	readonly groups?: readonly string[];
	readonly slots: number;
}

export interface Lookup {
	readonly type: "lookup";
	readonly id: number;
	readonly contents: readonly ContentId[];
	readonly count: number;
	readonly exclude?: readonly PeerId[];
}

export type SignalTo = { readonly type: "signal"; readonly to: PeerId; readonly session: string } & SignalBody;

export interface Missing {
	readonly type: "missing";
	readonly urls: readonly string[];
}

export interface Report {
	readonly type: "report";
	readonly bytes?: ByteCounts;
	readonly pieces?: { readonly verified: number; readonly rejected: number };
	readonly bad?: readonly { readonly peer: PeerId; readonly content: ContentId; readonly piece: number }[];
	readonly contradicted?: readonly string[];
	readonly stalls?: number;
	readonly failed?: number;
	readonly links?: readonly LinkCounts[];
	readonly contents?: readonly ContentCounts[];
}

/** Sums of the present connection. */
export interface LinkCounts {
	readonly peer: PeerId;
	readonly down: number;
	readonly up: number;
}

export interface ContentCounts {
	readonly content: ContentId;
	readonly bytes: number;
	readonly origin: number;
}

export interface ByteCounts {
	readonly store: number;
	readonly peers: number;
	readonly edges: number;
	readonly origin: number;
	readonly uploaded: number;
}

export type ClientMessage = Hello | Announce | Lookup | SignalTo | Missing | Report;

// From tracker to client

export interface IceServer {
	readonly urls: readonly string[];
	readonly username?: string;
	readonly credential?: string;
}

export interface Welcome {
	readonly type: "welcome";
	readonly peer: PeerId;
	readonly resume: string;
	readonly ice: readonly IceServer[];
	readonly policy: Policy;
	readonly trackers: readonly string[];
	readonly catalog: CatalogBody;
}

export interface FoundPeer {
	readonly id: PeerId;
	readonly role: Role;
	readonly holds: readonly ContentId[];
	/** Base URL where it serves pieces. */
	readonly http?: string;
}

export interface Peers {
	readonly type: "peers";
	/** Of the lookup that this answers; absent: a hint of the tracker's own. */
	readonly id?: number;
	readonly peers: readonly FoundPeer[];
	/** Base URLs of further HTTP holders. */
	readonly http: readonly string[];
}

export type SignalFrom = {
	readonly type: "signal";
	readonly from: PeerId;
	/** Of the sender. */
	readonly role: Role;
	readonly session: string;
} & SignalBody;

export interface HeadUpdate {
	readonly type: "head";
	readonly catalog: CatalogBody;
}

export interface BatchUpdate {
	readonly type: "batch";
	readonly batch: string;
}

export interface PolicyUpdate {
	readonly type: "policy";
	readonly policy: Policy;
}

/** The servers for connections made from now on. */
export interface IceUpdate {
	readonly type: "ice";
	readonly ice: readonly IceServer[];
}

/** An edge that is not to be met any more. */
export interface Revoked {
	readonly type: "revoked";
	readonly peer: PeerId;
}

export interface TrackerError {
	readonly type: "error";
	readonly code: string;
	readonly message: string;
	readonly fatal: boolean;
	readonly id?: number;
	readonly to?: PeerId;
}

export type TrackerMessage =
	| Welcome
	| Peers
	| SignalFrom
	| HeadUpdate
	| BatchUpdate
	| PolicyUpdate
	| IceUpdate
	| Revoked
	| TrackerError;

// Between peers, on the control channel

export interface PeerHello {
	readonly type: "hello";
	readonly version: 1;
	readonly agent: string;
	readonly features: readonly string[];
	/** Requests accepted at once. */
	readonly outstanding: number;
	/** The most bytes it will have requested at once. */
	readonly credit: number;
}

export interface Want {
	readonly type: "want";
	readonly contents: readonly ContentId[];
	readonly stop?: true;
}

export type Have = { readonly type: "have"; readonly content: ContentId } & (
	| { readonly complete: true }
	/** Bitfield, base64url: piece 0 is the highest bit of the first byte. */
	| { readonly pieces: string }
	| { readonly add: readonly number[] }
);

/** The sender has asked the origin for these pieces and will soon hold them; `stop`: it will not after all. */
export interface Fetching {
	readonly type: "fetching";
	readonly content: ContentId;
	readonly pieces: readonly number[];
	readonly stop?: true;
}

export interface PieceRequest {
	readonly type: "request";
	readonly id: number;
	readonly content: ContentId;
	readonly piece: number;
	/** A part of the piece: both or neither. */
	readonly begin?: number;
	readonly length?: number;
	readonly url?: string;
}

export interface Cancel {
	readonly type: "cancel";
	readonly id: number;
}

export type RejectReason = "busy" | "gone" | "limit" | "unknown";

export interface Reject {
	readonly type: "reject";
	readonly id: number;
	readonly reason: RejectReason;
}

/** Nothing is served until `unchoke`. */
export interface Choke {
	readonly type: "choke";
}

export interface Unchoke {
	readonly type: "unchoke";
}

/** A request, or the answer that says how many bytes follow as blocks. */
export type LayoutMessage = { readonly type: "layout"; readonly id: number } & (
	| { readonly content: ContentId }
	| { readonly length: number }
);

/** As `LayoutMessage`, of a catalog's index or shard. */
export type ShardMessage = { readonly type: "shard"; readonly id: number } & (
	| { readonly hash: ShardHash }
	| { readonly length: number }
);

export interface Ping {
	readonly type: "ping";
	readonly nonce: number;
	readonly reply?: true;
}

export interface Close {
	readonly type: "close";
	readonly code: number;
	readonly reason: string;
}

export type ControlMessage =
	| PeerHello
	| Want
	| Have
	| Fetching
	| PieceRequest
	| Cancel
	| Reject
	| Choke
	| Unchoke
	| LayoutMessage
	| ShardMessage
	| Ping
	| Close;

/** A type that this version does not know or has only reserved: ignored, and counted. */
export interface Unknown {
	readonly type: "unknown";
}

/** §5.3. */
export enum TrackerCloseCode {
	GOING_AWAY = 1001,
	TOO_BIG = 1009,
	MALFORMED = 4400,
	UNAUTHORIZED = 4401,
	FORBIDDEN = 4403,
	UNKNOWN_SITE = 4404,
	HELLO_TIMEOUT = 4408,
	REPLACED = 4409,
	REVOKED = 4410,
	BANNED = 4411,
	RATE_LIMIT = 4429,
	INTERNAL = 4500,
}

/** §6.3. */
export enum PeerCloseCode {
	NORMAL = 4000,
	MALFORMED = 4400,
	UNSOLICITED = 4405,
	BAD_PIECE = 4406,
	DUPLICATE = 4409,
	IDLE = 4410,
	RATE_LIMIT = 4429,
}
