import type { Bytes } from "./bytes.ts";
import type { Entry } from "./catalog.ts";
import {
	base64Url,
	bool,
	contentId,
	type Decoder,
	fail,
	integer,
	keyId,
	line,
	list,
	object,
	oneOf,
	optional,
	publicKey,
	record,
	shardHash,
	siteId,
	text,
	urlHashText,
} from "./decoder.ts";
import { HASH_BYTES, idOfHash, type KeyId, type ShardHash, type SiteId, type UrlHash } from "./ids.ts";
import { parseJson } from "./json.ts";
import { decodeLayout, pieceCountOf } from "./layout.ts";
import * as limits from "./limits.ts";
import type { CatalogBody, Policy } from "./messages.ts";
import { canonicalUrl } from "./url.ts";

/** docs/protocol.md §4.1: what a delegation says. Times in seconds since 1970. */
export interface Delegation {
	readonly site: SiteId;
	readonly key: string;
	readonly role: "tracker" | "publisher";
	readonly epoch: number;
	readonly notBefore: number;
	readonly notAfter: number;
}

export interface Head {
	readonly site: SiteId;
	readonly epoch: number;
	readonly sequence: number;
	readonly issuedAt: number;
	readonly notAfter: number;
	readonly previous: ShardHash | null;
	readonly depth: number;
	readonly root: ShardHash;
	/** The block list; absent: nothing is taken down. */
	readonly blocked?: ShardHash | undefined;
}

export interface Batch {
	readonly site: SiteId;
	readonly epoch: number;
	readonly sequence: number;
	readonly batch: number;
	readonly issuedAt: number;
	readonly notAfter: number;
	readonly entries: readonly WireEntry[];
	readonly removed: readonly UrlHash[];
}

const jws = line(1, limits.MAX_JWS_CHARS);
const patterns = list(text(1, limits.MAX_PATTERN_CHARS, /^[/*][!-~]*$/), 0, limits.MAX_PATTERNS);

const origin: Decoder<string> = (value, place) => {
	const pattern = text(1, limits.MAX_ORIGIN_CHARS)(value, place);
	const plain = pattern.replace("://*.", "://");
	const isAddress = /(\.\d+|\])(:\d+)?$/.test(plain);
	return canonicalUrl(plain) === `${plain}/` && (plain === pattern || !isAddress) ? pattern : fail(place, "origin");
};
const origins = list(origin, 0, limits.MAX_ORIGINS);
const modes = ["open", "edges", "oblivious"] as const;

export const decodePolicy = record<Policy>({
	mode: (value, place) => modes.find((mode) => mode === text(1, limits.MAX_PATTERN_CHARS)(value, place)) ?? "oblivious",
	consent: bool,
	webOrigins: origins,
	contentOrigins: origins,
	include: patterns,
	exclude: patterns,
	allowPrivate: bool,
	upload: bool,
});

const signed = {
	rootKey: publicKey,
	delegations: list(jws, 1, limits.MAX_DELEGATIONS),
	head: jws,
	index: optional(text(1, Math.ceil((limits.MAX_INLINE_INDEX_BYTES * 4) / 3), /^[\w-]*$/)),
};

/** §4.5. */
export const catalogBody = record<CatalogBody>({ ...signed, policy: optional(decodePolicy) });

/** As it comes in messages: without a policy. */
export const catalogInMessage = record<Omit<CatalogBody, "policy">>(signed);

export const jwsHeader = record<{ alg: string; typ: string; kid: KeyId; crit: unknown }>({
	alg: text(1, limits.MAX_HEADER_CHARS),
	typ: text(1, limits.MAX_HEADER_CHARS),
	kid: keyId,
	crit: (value) => value,
});

export const delegation = record<Delegation>({
	site: siteId,
	key: publicKey,
	role: oneOf("tracker", "publisher"),
	epoch: integer(),
	notBefore: integer(),
	notAfter: integer(),
});

export const head = record<Head>({
	site: siteId,
	epoch: integer(),
	sequence: integer(),
	issuedAt: integer(),
	notAfter: integer(),
	previous: (value, place) => (value === null ? null : shardHash(value, place)),
	depth: integer(0, limits.MAX_SHARD_DEPTH),
	root: shardHash,
	blocked: optional(shardHash),
});

const HEADERS =
	/^(content-(type|disposition|language|security-policy)|access-control-(allow-origin|expose-headers)|cross-origin-resource-policy|x-content-type-options|timing-allow-origin)$/;

const headerValue = text(1, limits.MAX_HEADER_CHARS, /^[\t -~]*$/);

const headers: Decoder<Record<string, string>> = (value, place) => {
	const result: Record<string, string> = {};
	for (const [name, one] of Object.entries(object(value, place))) {
		result[name] = HEADERS.test(name) ? headerValue(one, `${place}.${name}`) : fail(place, "header");
	}
	return result;
};

/** An entry in the form it is sent and stored: its layout is a text that was not yet proven. */
export interface WireEntry extends Omit<Entry, "layout"> {
	readonly layout?: string;
}

const fields = record<WireEntry>({
	url: urlHashText,
	content: contentId,
	size: integer(1, limits.MAX_RESOURCE_BYTES),
	layout: optional(text(1, limits.MAX_HEADER_CHARS)),
	headers,
	etag: optional(headerValue),
	lastModified: optional(headerValue),
	freshUntil: integer(),
	ranges: bool,
});

const wireEntry: Decoder<WireEntry> = (value, place) => {
	const entry = fields(value, place);
	const inline = pieceCountOf(entry.size) <= limits.MAX_INLINE_HASHES;
	return inline === (entry.layout !== undefined) ? entry : fail(place, "layout");
};

export const batch: Decoder<Batch> = (value, place) => {
	const result = record<Batch>({
		site: siteId,
		epoch: integer(),
		sequence: integer(),
		batch: integer(1),
		issuedAt: integer(),
		notAfter: integer(),
		entries: list(wireEntry, 0, limits.MAX_BATCH_ENTRIES),
		removed: list(urlHashText, 0, limits.MAX_BATCH_ENTRIES),
	})(value, place);
	return result.entries.length + result.removed.length > limits.MAX_BATCH_ENTRIES ? fail(place, "list") : result;
};

async function prove({ layout: inline, ...entry }: WireEntry): Promise<Entry> {
	if (inline === undefined) return entry;
	const layout = await decodeLayout(base64Url(inline, "layout"));
	return layout.contentId === entry.content && layout.size === entry.size
		? { ...entry, layout }
		: fail("layout", "of another content");
}

/** Proves the layouts in entries. @throws DecodeError */
export const proveEntries = (entries: readonly WireEntry[]): Promise<Entry[]> => Promise.all(entries.map(prove));

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** JSON in UTF-8. @throws DecodeError */
export function parseJsonBytes(bytes: Bytes, place: string): unknown {
	let decoded: string;
	try {
		decoded = decoder.decode(bytes);
	} catch {
		return fail(place, "UTF-8");
	}
	return parseJson(decoded, place);
}

/** §4.2. @throws DecodeError */
export async function decodeShard(bytes: Bytes): Promise<Map<UrlHash, Entry>> {
	if (bytes.length > limits.MAX_SHARD_BYTES) fail("shard", "too long");
	const { entries } = record({ entries: list(wireEntry, 0, limits.MAX_SHARD_BYTES) })(
		parseJsonBytes(bytes, "shard"),
		"shard",
	);
	const keys = entries.map(({ url }) => String.fromCharCode(...base64Url(url, "shard")));
	if (keys.some((key, i) => key <= (keys[i - 1] ?? ""))) fail("shard", "order");
	return new Map((await proveEntries(entries)).map((entry) => [entry.url, entry]));
}

/** A block list (§4.7): content ids and URL hashes. @throws DecodeError */
export function decodeBlocked(bytes: Bytes): Set<string> {
	const count = bytes.length / HASH_BYTES;
	if (count > limits.MAX_BLOCKED_HASHES || count % 1) fail("blocked", "length");
	return new Set(
		Array.from({ length: count }, (_, i) => idOfHash(bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))),
	);
}
