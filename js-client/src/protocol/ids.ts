import { encodeBase64Url } from "./base64url.ts";
import { type Bytes, sha256 } from "./bytes.ts";

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type SiteId = Id<"site">;
export type PeerId = Id<"peer">;
export type ContentId = Id<"content">;
export type PieceHash = Id<"piece">;
export type UrlHash = Id<"url">;
export type ShardHash = Id<"shard">;
export type KeyId = Id<"key">;

/** Bytes in a SHA-256. */
export const HASH_BYTES = 32;

// 43 characters carry 258 bits: the last one's two low bits must be zero. 22 carry 132: four.
const hash = /^[\w-]{42}[AEIMQUYcgkosw048]$/;
const peer = /^[\w-]{21}[AQgw]$/;
const site = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/* @__NO_SIDE_EFFECTS__ */
const parser =
	<T extends string>(pattern: RegExp) =>
	(text: string): T | null =>
		pattern.test(text) ? (text as T) : null;

/** Each gives null for text that is not an id of its kind. */
export const parseSiteId = parser<SiteId>(site);
export const parsePeerId = parser<PeerId>(peer);
export const parseContentId = parser<ContentId>(hash);
export const parseUrlHash = parser<UrlHash>(hash);
export const parseShardHash = parser<ShardHash>(hash);
export const parseKeyId = parser<KeyId>(hash);

/** The id that a SHA-256 is the value of. */
export const idOfHash = <T extends ContentId | PieceHash | UrlHash | ShardHash | KeyId>(bytes: Bytes): T =>
	encodeBase64Url(bytes) as T;

export const idOf = async <T extends ContentId | PieceHash | UrlHash | ShardHash | KeyId>(bytes: Bytes): Promise<T> =>
	idOfHash<T>(await sha256(bytes));
