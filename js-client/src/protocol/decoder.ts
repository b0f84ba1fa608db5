import { decodeBase64Url } from "./base64url.ts";
import { type Bytes, utf8 } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";
import { parseContentId, parseKeyId, parsePeerId, parseShardHash, parseSiteId, parseUrlHash } from "./ids.ts";
import { MAX_URL_CHARS } from "./limits.ts";
import { canonicalUrl } from "./url.ts";

/** Takes a value that somebody sent, and gives it back typed. @throws DecodeError naming `place` */
export type Decoder<T> = (value: unknown, place: string) => T;

/** One decoder for each field; those of optional fields are made with `optional`. */
export type Fields<T> = { readonly [K in keyof T]-?: Decoder<T[K]> };

export const fail = (place: string, reason: string): never => {
	throw new DecodeError(place, reason);
};

const MAX_U32 = 0xffff_ffff;

/** Any text has to be well-formed UTF-16, unless `pattern` says more. */
export const text =
	(min: number, max: number, pattern = /^\P{Cs}*$/u): Decoder<string> =>
	(value, place) =>
		typeof value === "string" && value.length >= min && value.length <= max && pattern.test(value)
			? value
			: fail(place, "text");

/** Without control characters. */
export const line = (min: number, max: number): Decoder<string> => text(min, max, /^[^\p{Cc}\p{Cs}]*$/u);

export const integer =
	(min = 0, max = Number.MAX_SAFE_INTEGER): Decoder<number> =>
	(value, place) =>
		typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
			? value
			: fail(place, "integer");

export const u32 = integer(0, MAX_U32);

export const bool: Decoder<boolean> = (value, place) => (typeof value === "boolean" ? value : fail(place, "boolean"));

export const oneOf =
	<T extends string | number | boolean>(...allowed: T[]): Decoder<T> =>
	(value, place) =>
		allowed.find((one) => one === value) ?? fail(place, "value");

export const list =
	<T>(item: Decoder<T>, min: number, max: number): Decoder<T[]> =>
	(value, place) =>
		Array.isArray(value) && value.length >= min && value.length <= max
			? value.map((one, i) => item(one, `${place}[${i}]`))
			: fail(place, "list");

export const optional =
	<T>(decoder: Decoder<T>): Decoder<T> =>
	(value, place) =>
		value === undefined ? (value as T) : decoder(value, place);

export const object: Decoder<Record<string, unknown>> = (value, place) =>
	typeof value === "object" && value && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: fail(place, "object");

export const record =
	<T>(fields: Fields<T>): Decoder<T> =>
	(value, place) => {
		const given = object(value, place);
		const result: Partial<T> = {};
		for (const name in fields) {
			const field = fields[name](given[name], `${place}.${name}`);
			if (field !== undefined) result[name] = field;
		}
		return result as T;
	};

const parsed =
	<T>(parse: (text: string) => T | null, reason: string): Decoder<T> =>
	(value, place) =>
		(typeof value === "string" ? parse(value) : null) ?? fail(place, reason);

export const peerId = parsed(parsePeerId, "peer id");
export const siteId = parsed(parseSiteId, "site id");
export const contentId = parsed(parseContentId, "content id");
export const urlHashText = parsed(parseUrlHash, "hash");
export const shardHash = parsed(parseShardHash, "hash");
export const keyId = parsed(parseKeyId, "key id");
export const base64Url: Decoder<Bytes> = parsed(decodeBase64Url, "base64url");

/** A public key: 32 bytes, as text. */
export const publicKey = parsed<string>(parseKeyId, "key");

export const url = parsed((input) => (canonicalUrl(input) === input ? input : null), "URL");

/** Where somebody serves: relative paths are appended to it. */
export const baseUrl: Decoder<string> = (value, place) => text(1, MAX_URL_CHARS, /^[^?]*\/$/)(url(value, place), place);

/** Whether UTF-8 needs more than `max` bytes. */
export const longerThan = (input: string, max: number): boolean => input.length * 3 > max && utf8(input).length > max;
