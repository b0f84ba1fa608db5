import { describe, expect, test } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "../../src/protocol/base64url.ts";
import { decodeBlock, encodeBlock } from "../../src/protocol/block.ts";
import type { Entry } from "../../src/protocol/catalog.ts";
import { decodeControlMessage, decodeTrackerMessage } from "../../src/protocol/decode.ts";
import { catalogBody, decodeBlocked, decodeShard } from "../../src/protocol/decode-catalog.ts";
import { contentId, line, peerId, publicKey, siteId, url } from "../../src/protocol/decoder.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { keyIdOf } from "../../src/protocol/jws.ts";
import { decodeLayout, type Layout } from "../../src/protocol/layout.ts";
import * as limits from "../../src/protocol/limits.ts";
import { admission, originMatches } from "../../src/protocol/pattern.ts";
import { type ByteRange, contentRange, parseRange } from "../../src/protocol/range.ts";
import { canonicalUrl, urlHash } from "../../src/protocol/url.ts";
import { sameVersion } from "../../src/protocol/validators.ts";
import { Choking, type Taker } from "../../src/transfer/choking.ts";
import { score } from "../../src/transfer/duty.ts";
import { openPolicy as policy } from "../policy.ts";
import {
	allFound,
	type CatalogCase,
	constantOf,
	type LimitCase,
	outcomes,
	type ShardCase,
	type ShardingCase,
	shardBytes,
} from "./catalog-vectors.ts";
import { bytesOf, type Case, type Part, textOf, vectorFiles } from "./vectors.ts";

const files = vectorFiles();

interface Runner {
	readonly accept: (one: Case) => unknown;
	readonly check: (given: unknown, one: Case) => unknown;
}

/** `accept` reads the input of a case `C`, and throws what it is refused with; `check` compares what it gave. */
const runner = <C, T>(
	accept: (one: C) => T | Promise<T>,
	check: (given: T, one: C) => void | Promise<void>,
): Runner => ({
	accept: (one) => accept(one as C),
	check: (given, one) => check(given as T, one as C),
});

const ids: Record<string, (value: unknown, place: string) => unknown> = {
	site: siteId,
	peer: peerId,
	hash: contentId,
	key: publicKey,
	group: line(1, limits.MAX_GROUP_CHARS),
};

function required<T>(value: T | null | undefined): T {
	if (value === null || value === undefined) throw new Error("refused");
	return value;
}

interface RangeCase {
	readonly header: string | null;
	readonly size: number;
	readonly result: ByteRange["type"];
	readonly first: number;
	readonly last: number;
	readonly contentRange: string;
}

interface LayoutCase extends Pick<Layout, "size" | "pieceLength" | "pieceCount" | "contentId"> {
	readonly bytes: readonly Part[];
	readonly lastOffset: number;
	readonly lastLength: number;
}

interface MessageCase {
	readonly text?: string;
	readonly message?: unknown;
	readonly ignored?: true;
	/** What it encodes to again, where that is not `message`. */
	readonly canonical?: unknown;
}

const messages = (decode: (text: string) => { readonly type: string; readonly http?: readonly string[] }): Runner =>
	runner(
		(one: MessageCase) => decode(textOf(one)),
		(message, { canonical, ignored, message: sent }) => {
			const encoded = message.type === "peers" && !message.http?.length ? { ...message, http: undefined } : message;
			expect(encoded).toEqual(ignored ? { type: "unknown" } : (canonical ?? sent));
		},
	);

interface ChokingCase {
	readonly slots: number;
	readonly steps: readonly {
		readonly nowMs: number;
		readonly random: number;
		readonly neighbours: readonly Taker[];
		/** Ids, sorted; null: everybody. */
		readonly given: readonly string[] | null;
	}[];
}

type Validators = Pick<Entry, "etag" | "lastModified">;

const runners: Record<string, Runner> = {
	"base64url.json": runner(
		({ input }: { input: string; hex: string }) => required(decodeBase64Url(input)),
		(bytes, { input, hex }) => {
			expect(bytes).toEqual(bytesOf([{ hex }]));
			expect(encodeBase64Url(bytes)).toBe(input);
		},
	),
	"ids.json": runner(
		({ kind, input }: { kind: string; input: string }) => required(ids[kind])(input, "id"),
		(id, { input }) => expect(id).toBe(input),
	),
	"key-ids.json": runner(
		({ key }: { key: string; keyId: string }) => keyIdOf(key),
		(id, { keyId }) => expect(id).toBe(keyId),
	),
	"rendezvous.json": runner(
		({ peer, content, piece }: { peer: string; content: string; piece: number; score: number }) =>
			score(peerId(peer, "peer"), contentId(content, "content"), piece),
		(made, { score: expected }) => expect(made).toBe(expected),
	),
	"url.json": runner(
		({ input }: { input: string; hash: string; origin: string; pathAndQuery: string }) => url(input, "url"),
		async (given, { input, hash, origin, pathAndQuery }) => {
			expect(given).toBe(input);
			expect(await urlHash(given)).toBe(hash);
			expect(new URL(given).origin).toBe(origin);
			expect(given.slice(origin.length)).toBe(pathAndQuery);
		},
	),
	"url-canonical.json": runner(
		({ input, base }: { input: string; base?: string; expected: string | null }) => canonicalUrl(input, base),
		(canonical, { expected }) => expect(canonical).toBe(expected),
	),
	"url-path.json": runner(
		({ expected }: { expected?: string }) => required(expected),
		(made) => expect(canonicalUrl(made)).toBe(made),
	),
	"pattern.json": runner(
		({ include, exclude, url: input }: { include: string[]; exclude: string[]; url: string; matches: boolean }) =>
			admission({ ...policy, include, exclude, contentOrigins: [new URL(input).origin] }).admits(input),
		(admitted, { matches }) => expect(admitted).toBe(matches),
	),
	"origin-pattern.json": runner(
		({ pattern, origin }: { pattern: string; origin: string; matches: boolean }) => originMatches(pattern, origin),
		(matched, { matches }) => expect(matched).toBe(matches),
	),
	"range.json": runner(
		({ header, size }: RangeCase) => parseRange(header, size),
		(range, { result, first, last, size, contentRange: answered }) => {
			expect(range.type).toBe(result);
			if (range.type !== "part") return;
			expect(range).toEqual({ type: "part", begin: first, end: last + 1 });
			expect(contentRange(range.begin, range.end, size)).toBe(answered);
		},
	),
	"layout.json": runner(
		({ bytes }: LayoutCase) => decodeLayout(bytesOf(bytes)),
		(layout, { size, pieceLength, pieceCount, contentId: id, lastOffset, lastLength }) => {
			expect(layout).toMatchObject({ size, pieceLength, pieceCount, contentId: id });
			expect(layout.offset(pieceCount - 1)).toBe(lastOffset);
			expect(layout.length(pieceCount - 1)).toBe(lastLength);
		},
	),
	"layout-content.json": runner(
		({ layout }: { layout: string; content: Part[]; contentId: string }) =>
			decodeLayout(required(decodeBase64Url(layout))),
		async (layout, { content, contentId: id }) => {
			const bytes = bytesOf(content);
			expect(layout.contentId).toBe(id);
			expect(layout.size).toBe(bytes.length);
			for (let index = 0; index < layout.pieceCount; index++) {
				const piece = bytes.slice(layout.offset(index), layout.offset(index) + layout.length(index));
				expect(await layout.verify(index, piece)).toBe(true);
				piece[piece.length - 1] = (piece[piece.length - 1] ?? 0) ^ 1;
				expect(await layout.verify(index, piece)).toBe(false);
				expect(await layout.verify(index, piece.slice(1))).toBe(false);
			}
		},
	),
	"block.json": runner(
		({ bytes }: { bytes: Part[]; requestId: number; offset: number; payloadLength: number }) =>
			decodeBlock(bytesOf(bytes).buffer),
		(block, { bytes, requestId, offset, payloadLength }) => {
			expect(block).toMatchObject({ requestId, offset });
			expect(block.payload.length).toBe(payloadLength);
			expect(encodeBlock(block)).toEqual(bytesOf(bytes));
		},
	),
	"tracker-messages.json": messages(decodeTrackerMessage),
	"control-messages.json": messages(decodeControlMessage),
	"catalog-body.json": runner(
		(one: MessageCase) => catalogBody(parseJson(textOf(one), "catalog"), "catalog"),
		(body, { canonical, message }) => expect(body).toEqual(canonical ?? message),
	),
	"catalog.json": runner(
		(one: CatalogCase) => outcomes(one),
		(results) => expect(results.map(({ actual }) => actual)).toEqual(results.map(({ expected }) => expected)),
	),
	"shards.json": runner(
		(one: ShardCase) => decodeShard(shardBytes(one)),
		(shard, { urls }) => expect([...shard.keys()]).toEqual(urls),
	),
	"blocked.json": runner(
		({ bytes }: { bytes: Part[]; hashes: string[] }) => decodeBlocked(bytesOf(bytes)),
		(blocked, { hashes }) => expect(blocked).toEqual(new Set(hashes)),
	),
	"sharding.json": runner(
		(one: ShardingCase) => allFound(one),
		(found) => expect(found).toBe(true),
	),
	"limits.json": runner(
		(one: LimitCase) => constantOf(one),
		(given, { kind, value }) => {
			if (given !== undefined || kind !== "limit") expect(given).toBe(value);
		},
	),
	"choking.json": runner(
		({ slots, steps }: ChokingCase) => {
			const choking = new Choking(slots);
			const decisions = steps.map(({ nowMs, random, neighbours }) => choking.decide(neighbours, nowMs, () => random));
			return decisions.map((open) => open && [...open].sort());
		},
		(given, { steps }) => expect(given).toEqual(steps.map((step) => step.given)),
	),
	"validators.json": runner(
		({ entry, response }: { entry: Validators; response: Validators; matches: boolean }) => {
			const headers = new Headers();
			if (response.etag !== undefined) headers.set("etag", response.etag);
			if (response.lastModified !== undefined) headers.set("last-modified", response.lastModified);
			return sameVersion(entry, headers);
		},
		(same, { matches }) => expect(same).toBe(matches),
	),
};

/** Files whose cases say at which place a message is refused. */
const placed = new Set(["tracker-messages.json", "control-messages.json", "catalog-body.json"]);

const ran = new Map<string, number>();

describe.each(files)("$name", ({ name, cases }) => {
	test.each(cases)("$name", async (one) => {
		ran.set(name, (ran.get(name) ?? 0) + 1);
		const { accept, check } = required(runners[name]);
		const given = (async () => accept(one))();
		if (one.valid) await check(await given, one);
		else if (placed.has(name)) await expect(given).rejects.toMatchObject({ place: one.error });
		else await expect(given).rejects.toThrow();
	});
});

test("every case on disk was run", () => {
	expect(Object.fromEntries(ran)).toEqual(Object.fromEntries(files.map(({ name, cases }) => [name, cases.length])));
});

test("every limit of this language is one of the protocol", () => {
	const known = files.flatMap(({ name, cases }) => (name === "limits.json" ? cases : []));
	const constants = new Set(known.map(({ name }) => name));

	expect(Object.keys(limits).filter((name) => !constants.has(`limit ${name}`))).toEqual([]);
});
