import { catalogInMessage, decodePolicy } from "./decode-catalog.ts";
import {
	base64Url,
	baseUrl,
	bool,
	contentId,
	type Decoder,
	type Fields,
	fail,
	integer,
	line,
	list,
	longerThan,
	oneOf,
	optional,
	peerId,
	record,
	shardHash,
	text,
	u32,
	url,
} from "./decoder.ts";
import { parseJson } from "./json.ts";
import * as limits from "./limits.ts";
import type * as m from "./messages.ts";

/** A union's members without their `type`, which the dispatcher has already read. */
type Untyped<T> = T extends unknown ? Omit<T, "type"> : never;

/** Decodes a message that has exactly one of the `alternatives`. */
const exactlyOne =
	<T>(alternatives: Fields<Record<string, unknown>>, others: Fields<Record<string, unknown>>): Decoder<T> =>
	(value, place) => {
		const one = record(alternatives)(value, place);
		return Object.keys(one).length === 1
			? (Object.assign(record(others)(value, place), one) as T)
			: fail(place, "alternatives");
	};

const role = oneOf<m.Role>("page", "edge");
const session = line(1, limits.MAX_SESSION_CHARS);
const sdp = text(1, limits.MAX_SDP_CHARS);
const features = list(line(1, limits.MAX_FEATURE_CHARS), 0, limits.MAX_FEATURES);
const agent = line(0, limits.MAX_AGENT_CHARS);
const ice = line(1, limits.MAX_ICE_CHARS);
const iceServers = list(
	record<m.IceServer>({ urls: list(ice, 1, limits.MAX_ICE_URLS), username: optional(ice), credential: optional(ice) }),
	0,
	limits.MAX_ICE_SERVERS,
);
const piece = integer(0, limits.MAX_PIECES - 1);

const candidate = record<m.Candidate>({
	candidate: line(0, limits.MAX_CANDIDATE_CHARS),
	sdpMid: optional(line(0, limits.MAX_SDP_MID_CHARS)),
	sdpMLineIndex: optional(integer(0, limits.MAX_SDP_LINE_INDEX)),
});

const foundPeer = record<m.FoundPeer>({
	id: peerId,
	role,
	holds: list(contentId, 0, limits.MAX_LOOKUP_IDS),
	http: optional(baseUrl),
});

type Decoders<T extends { type: string }> = {
	readonly [K in T["type"]]: Decoder<Untyped<Extract<T, { type: K }>>>;
};

const trackerMessages: Decoders<m.TrackerMessage> = {
	welcome: record<Omit<m.Welcome, "type">>({
		peer: peerId,
		resume: line(1, limits.MAX_RESUME_CHARS),
		ice: iceServers,
		policy: decodePolicy,
		trackers: list(baseUrl, 0, limits.MAX_TRACKERS),
		catalog: catalogInMessage,
	}),
	peers: record<Omit<m.Peers, "type">>({
		id: optional(u32),
		peers: list(foundPeer, 0, limits.MAX_PEERS),
		http: (value, place) => (value === undefined ? [] : list(baseUrl, 0, limits.MAX_HTTP_HOLDERS)(value, place)),
	}),
	signal: exactlyOne(
		{ offer: optional(sdp), answer: optional(sdp), candidate: optional(candidate), close: optional(oneOf(true)) },
		{ from: peerId, role: (value, place) => (value === undefined ? "page" : role(value, place)), session },
	),
	head: record<Omit<m.HeadUpdate, "type">>({ catalog: catalogInMessage }),
	batch: record<Omit<m.BatchUpdate, "type">>({ batch: line(1, limits.MAX_JWS_CHARS) }),
	policy: record<Omit<m.PolicyUpdate, "type">>({ policy: decodePolicy }),
	ice: record<Omit<m.IceUpdate, "type">>({ ice: iceServers }),
	revoked: record<Omit<m.Revoked, "type">>({ peer: peerId }),
	error: record<Omit<m.TrackerError, "type">>({
		code: line(1, limits.MAX_ERROR_CODE_CHARS),
		message: line(0, limits.MAX_ERROR_MESSAGE_CHARS),
		fatal: bool,
		id: optional(u32),
		to: optional(peerId),
	}),
};

const bitfield: Decoder<string> = (value, place) => {
	const { length } = base64Url(value, place);
	return length >= 1 && length <= limits.MAX_BITFIELD_BYTES ? String(value) : fail(place, "bitfield");
};

const pieceRequest = record<Omit<m.PieceRequest, "type">>({
	id: u32,
	content: contentId,
	piece,
	begin: optional((value, place) => {
		const begin = integer(0, limits.MAX_PIECE_BYTES - 1)(value, place);
		return begin % limits.MAX_BLOCK_BYTES ? fail(place, "multiple of a block") : begin;
	}),
	length: optional(integer(1)),
	url: optional(url),
});

const pieces = list(piece, 1, limits.MAX_HAVE_PIECES);

const controlMessages: Decoders<m.ControlMessage> = {
	hello: record<Omit<m.PeerHello, "type">>({
		version: oneOf(1),
		agent,
		features,
		outstanding: integer(1, limits.MAX_OUTSTANDING_REQUESTS),
		credit: integer(),
	}),
	want: record<Omit<m.Want, "type">>({
		contents: list(contentId, 1, limits.MAX_WANT_IDS),
		stop: optional(oneOf(true)),
	}),
	have: exactlyOne(
		{
			complete: optional(oneOf(true)),
			pieces: optional(bitfield),
			add: optional(pieces),
		},
		{ content: contentId },
	),
	fetching: record<Omit<m.Fetching, "type">>({ content: contentId, pieces, stop: optional(oneOf(true)) }),
	request: (value, place) => {
		const request = pieceRequest(value, place);
		const { begin, length } = request;
		if ((begin === undefined) !== (length === undefined)) fail(`${place}.${length ? "begin" : "length"}`, "alone");
		if ((begin ?? 0) + (length ?? 0) > limits.MAX_PIECE_BYTES) fail(`${place}.length`, "past the piece");
		return request;
	},
	cancel: record<Omit<m.Cancel, "type">>({ id: u32 }),
	reject: record<Omit<m.Reject, "type">>({ id: u32, reason: oneOf("busy", "gone", "limit", "unknown") }),
	choke: record<Omit<m.Choke, "type">>({}),
	unchoke: record<Omit<m.Unchoke, "type">>({}),
	layout: exactlyOne<Untyped<m.LayoutMessage>>(
		{ content: optional(contentId), length: optional(integer(1, limits.MAX_LAYOUT_BYTES)) },
		{ id: u32 },
	),
	shard: exactlyOne<Untyped<m.ShardMessage>>(
		{ hash: optional(shardHash), length: optional(integer(1, limits.MAX_INDEX_BYTES)) },
		{ id: u32 },
	),
	ping: record<Omit<m.Ping, "type">>({ nonce: u32, reply: optional(oneOf(true)) }),
	close: record<Omit<m.Close, "type">>({ code: integer(4000, 4999), reason: line(0, limits.MAX_CLOSE_REASON_CHARS) }),
};

/** docs/protocol.md §2: of unknown types nothing more is looked at. */
function decodeMessage<T extends { type: string }>(
	message: string,
	maxBytes: number,
	decoders: Decoders<T>,
): T | m.Unknown {
	if (longerThan(message, maxBytes)) fail("message", "too long");
	const value = parseJson(message, "message");
	const { type } = record({ type: text(1, maxBytes) })(value, "message");
	if (!Object.hasOwn(decoders, type)) return { type: "unknown" };
	const known = type as T["type"];
	return Object.assign(decoders[known](value, type), { type: known }) as unknown as T;
}

/** @throws DecodeError */
export const decodeTrackerMessage = (message: string): m.TrackerMessage | m.Unknown =>
	decodeMessage(message, limits.MAX_TRACKER_MESSAGE_BYTES, trackerMessages);

/** @throws DecodeError */
export const decodeControlMessage = (message: string): m.ControlMessage | m.Unknown =>
	decodeMessage(message, limits.MAX_CONTROL_MESSAGE_BYTES, controlMessages);
