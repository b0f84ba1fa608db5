import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "../../src/protocol/base64url.ts";
import { decodeBlock, encodeBlock } from "../../src/protocol/block.ts";
import { utf8 } from "../../src/protocol/bytes.ts";
import { CatalogError } from "../../src/protocol/catalog-error.ts";
import { CatalogVerifier } from "../../src/protocol/catalog-verifier.ts";
import { decodeControlMessage, decodeTrackerMessage } from "../../src/protocol/decode.ts";
import { decodeShard } from "../../src/protocol/decode-catalog.ts";
import { DecodeError } from "../../src/protocol/decode-error.ts";
import { siteId } from "../../src/protocol/decoder.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { decodeLayout } from "../../src/protocol/layout.ts";
import { MAX_BLOCK_BYTES } from "../../src/protocol/limits.ts";
import { parseRange } from "../../src/protocol/range.ts";
import { canonicalUrl } from "../../src/protocol/url.ts";

const TYPES = ["welcome", "peers", "signal", "head", "batch", "policy", "error"];
const CONTROLS = ["hello", "want", "have", "request", "cancel", "reject", "layout", "shard", "ping", "close"];

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array));

/** Unpaired surrogates included. */
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

/** JSON that resembles messages: fields of the right names with values of any kind. */
const fields = fc.constantFrom(
	"id",
	"content",
	"pieces",
	"add",
	"peer",
	"peers",
	"policy",
	"catalog",
	"url",
	"piece",
	"begin",
);
const messages = (types: string[]) =>
	fc
		.record({ type: fc.constantFrom(...types), rest: fc.dictionary(fields, fc.jsonValue()) })
		.map(({ type, rest }) => JSON.stringify({ ...rest, type }));

function refusesOnlyWith<T>(decode: () => T): T | null {
	try {
		return decode();
	} catch (error) {
		if (!(error instanceof DecodeError)) throw error;
		return null;
	}
}

test("whatever text comes, the decoders of messages refuse it with nothing but a DecodeError", () => {
	const anything = fc.oneof(fc.string({ unit }), fc.json(), messages(TYPES), messages(CONTROLS));
	fc.assert(
		fc.property(anything, (text) => {
			refusesOnlyWith(() => decodeTrackerMessage(text));
			refusesOnlyWith(() => decodeControlMessage(text));
		}),
		{ numRuns: 500 },
	);
});

test("whatever bytes come, the decoders of layouts, shards and blocks refuse them with nothing but a DecodeError", async () => {
	await fc.assert(
		fc.asyncProperty(fc.oneof(bytes, fc.json().map(utf8)), async (input) => {
			for (const decode of [decodeLayout, decodeShard]) {
				await expect(
					decode(input).catch((error: unknown) => expect(error).toBeInstanceOf(DecodeError)),
				).resolves.toBeDefined();
			}
			refusesOnlyWith(() => decodeBlock(input.buffer));
		}),
	);
});

test("whatever is signed, or not, a verifier refuses it with nothing but a CatalogError", async () => {
	const part = fc.oneof(bytes.map(encodeBase64Url), fc.json().map(utf8).map(encodeBase64Url), fc.string());
	await fc.assert(
		fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
			const verifier = new CatalogVerifier(siteId("demo", "site"), null);
			await expect(verifier.head(parts.join("."), 0)).rejects.toBeInstanceOf(CatalogError);
			await expect(verifier.batch(parts.join("."), 0)).rejects.toBeInstanceOf(CatalogError);
		}),
	);
});

test("JSON without duplicate keys and fractions is parsed as JSON.parse does", () => {
	const whole = (_: string, value: unknown) => (typeof value === "number" ? Math.trunc(value % 1000) : value);
	const integers = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value, whole));
	fc.assert(
		fc.property(integers, (text) => {
			expect(parseJson(text, "text")).toEqual(JSON.parse(text));
		}),
	);
});

test("base64url: decoding what was encoded gives it back, and no other text gives the same bytes", () => {
	fc.assert(
		fc.property(bytes, (input) => {
			expect(decodeBase64Url(encodeBase64Url(input))).toEqual(input);
		}),
	);
	fc.assert(
		fc.property(
			fc.base64String().map((text) => text.replace(/=/g, "")),
			(text) => {
				const decoded = decodeBase64Url(text);
				if (decoded) expect(encodeBase64Url(decoded)).toBe(text);
			},
		),
	);
});

test("blocks: decoding what was encoded gives it back", () => {
	const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
	const payload = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((array) => new Uint8Array(array));
	const number = fc.integer({ min: 0, max: Math.floor(0xffff_ffff / MAX_BLOCK_BYTES) });
	fc.assert(
		fc.property(u32, number, payload, (requestId, block, part) => {
			const whole = { requestId, offset: block * MAX_BLOCK_BYTES, payload: part };
			expect(decodeBlock(encodeBlock(whole).buffer)).toEqual(whole);
		}),
	);
});

test("a range lies within the resource, and is never empty", () => {
	const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,4}-\d{0,4}$/));
	fc.assert(
		fc.property(header, fc.integer({ min: 1, max: 5000 }), (text, size) => {
			const range = parseRange(text, size);
			if (range.type !== "part") return;
			expect(range.begin).toBeGreaterThanOrEqual(0);
			expect(range.begin).toBeLessThan(range.end);
			expect(range.end).toBeLessThanOrEqual(size);
		}),
	);
});

test("a canonical URL is its own canonical form", () => {
	fc.assert(
		fc.property(fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string()), (input) => {
			const url = canonicalUrl(input);
			if (url !== null) expect(canonicalUrl(url)).toBe(url);
		}),
		{ numRuns: 30 }, // making web URLs is slow
	);
});
