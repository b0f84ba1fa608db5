import { DecodeError } from "./decode-error.ts";
import { MAX_JSON_DEPTH } from "./limits.ts";

const KEY_OR_NUMBER = /"(?:[^"\\]|\\.)*"(\s*:)?|\d[\d.eE+-]*/g;

/** Counts the members of all objects. */
function members(value: unknown, depth: number): number {
	if (typeof value !== "object" || !value) return 0;
	if (depth > MAX_JSON_DEPTH) throw new Error("depth");
	const inner: unknown[] = Object.values(value);
	return inner.reduce((sum: number, one) => sum + members(one, depth + 1), Array.isArray(value) ? 0 : inner.length);
}

/**
 * RFC 8259 as docs/protocol.md §2 narrows it: `JSON.parse` keeps the last of duplicate keys, and cannot tell 1.0 from 1. So
 * the keys in the text are compared in number with those of the value, and the numbers are looked at as they were written.
 *
 * @throws DecodeError
 */
export function parseJson(text: string, place: string): unknown {
	let keys = 0;
	try {
		const value: unknown = JSON.parse(text);
		for (const [token, colon] of text.matchAll(KEY_OR_NUMBER)) {
			if (colon) keys++;
			if (/^\d+[.eE]/.test(token)) throw new Error("fraction or exponent");
		}
		if (members(value, 1) !== keys) throw new Error("duplicate key");
		return value;
	} catch (error) {
		throw new DecodeError(place, String(error));
	}
}
