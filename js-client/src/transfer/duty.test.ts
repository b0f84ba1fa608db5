import { beforeEach, describe, expect, test } from "vitest";
import type { ContentId } from "../protocol/ids.ts";
import {
	CLAIM_MS,
	CLAIM_STALE_MS,
	DISTRUST_MS,
	Duty,
	FIRST_PATIENCE_MS,
	PATIENCE_MS,
	SHIRK_MS,
	score,
} from "./duty.ts";
import { Estimate } from "./estimate.ts";
import { Holdings } from "./holdings.ts";
import type { Source } from "./source.ts";

const CONTENT = "0ZiM0wGYJPB19hZ34ab1SxYDWGhIjkBRdX3eU63u-A8" as ContentId;
const PIECES = 100;
const WINDOW = 16;

const rival = (id: string): Source => ({
	id,
	kind: "page",
	estimate: new Estimate(),
	outstanding: 0,
	limit: 64,
	pullsThrough: false,
});

let held: Map<Source, Holdings>;
let duty: Duty<Source>;
const other = rival("other");
/** Pieces whose duty is the other's, and one's own, as long as both are at the beginning. */
const theirs = pieces((piece) => score("other", CONTENT, piece) > score("me", CONTENT, piece));
const mine = pieces((piece) => score("other", CONTENT, piece) < score("me", CONTENT, piece));

function pieces(which: (piece: number) => boolean): number[] {
	return Array.from({ length: WINDOW }, (_, piece) => piece).filter(which);
}

function isOthers(piece: number, nowMs: number, { waitingSinceMs = null as number | null, first = false } = {}) {
	return duty.isOthers({ piece, waitingSinceMs, first }, "me", (source) => held.get(source) ?? null, nowMs);
}

beforeEach(() => {
	duty = new Duty(CONTENT, WINDOW);
	held = new Map([[other, new Holdings(PIECES)]]);
});

test("alone, everything is one's own to ask for, at once", () => {
	for (let piece = 0; piece < PIECES; piece++) {
		expect(isOthers(piece, 0)).toBe(false);
		expect(duty.turnMs("me", piece)).toBe(Number.POSITIVE_INFINITY);
	}
});

describe("with a rival at the same place", () => {
	beforeEach(() => duty.wants(other, true));

	test("each piece is the duty of one of the two, and both have some", () => {
		expect(mine.length * theirs.length).toBeGreaterThan(0);
		for (const piece of mine) expect(isOthers(piece, 0)).toBe(false);
		for (const piece of theirs) expect(isOthers(piece, 0)).toBe(true);
	});

	test("many rivals share the pieces evenly", () => {
		const owners = new Map<string, number>();
		const ids = Array.from({ length: 8 }, (_, i) => `peer-${i}`);
		for (let piece = 0; piece < 4096; piece++) {
			const [owner = ""] = [...ids].sort((a, b) => score(b, CONTENT, piece) - score(a, CONTENT, piece));
			owners.set(owner, (owners.get(owner) ?? 0) + 1);
		}
		for (const id of ids) expect(owners.get(id)).toBeGreaterThan(400);
	});

	test("of a crowd of any size the turns of the first two are a while apart, as often as not", () => {
		const ids = Array.from({ length: 1000 }, (_, i) => `peer-${i}`);
		for (const size of [10, 100, 1000]) {
			const gaps = Array.from({ length: 64 }, (_, piece) => {
				const [first = 0, second = 0] = ids
					.slice(0, size)
					.map((id) => duty.turnMs(id, piece))
					.sort((a, b) => b - a);
				return first - second;
			}).sort((a, b) => a - b);
			expect(gaps[32]).toBeGreaterThan(100);
			expect(gaps[32]).toBeLessThan(400);
		}
	});

	test("a reader waits for a claim a little, and then for that rival no more for a while", () => {
		const [piece = 0, next = 0] = theirs;
		expect(isOthers(piece, 100 + CLAIM_MS, { waitingSinceMs: 100 })).toBe(true);
		expect(isOthers(piece, 101 + CLAIM_MS, { waitingSinceMs: 100 })).toBe(false);
		expect(isOthers(next, 102 + CLAIM_MS)).toBe(false);
		expect(isOthers(next, 102 + CLAIM_MS + SHIRK_MS)).toBe(true);
	});

	test("a claimed piece is waited for as long as its rival gets anywhere", () => {
		const [piece = 0] = mine;
		duty.fetching(other, [piece], false, 0);
		expect(isOthers(piece, CLAIM_STALE_MS - 1, { waitingSinceMs: 0 })).toBe(true);
		expect(isOthers(piece, CLAIM_STALE_MS, { waitingSinceMs: 0 })).toBe(false);
		duty.got(other, [99], CLAIM_STALE_MS);
		expect(isOthers(piece, CLAIM_STALE_MS + 1, { waitingSinceMs: 0 })).toBe(true);
	});

	test("but a reader that has had nothing yet waits less long, none for ever, and not for the same again", () => {
		const [piece = 0, next = 0] = mine;
		for (const first of [true, false]) {
			const patience = first ? FIRST_PATIENCE_MS : PATIENCE_MS;
			duty.fetching(other, [piece], false, patience);
			expect(isOthers(piece, patience, { waitingSinceMs: 0, first })).toBe(true);
			expect(isOthers(piece, patience + 1, { waitingSinceMs: 0, first })).toBe(false);
			duty.fetching(other, [next], false, patience + DISTRUST_MS);
			expect(isOthers(next, patience + DISTRUST_MS)).toBe(false);
			duty.fetching(other, [next], false, patience + 1 + DISTRUST_MS);
			expect(isOthers(next, patience + 1 + DISTRUST_MS)).toBe(true);
			duty.wants(other, false);
			duty.wants(other, true);
		}
	});

	test("what it gives up, or gets, is no longer claimed", () => {
		const [one = 0, two = 0] = mine;
		duty.fetching(other, [one, two], false, 0);
		duty.fetching(other, [one], true, 0);
		duty.got(other, [two], 0);
		expect(isOthers(one, 0)).toBe(false);
		expect(isOthers(two, 0)).toBe(false);
	});

	test("who lost interest, holds the piece, is elsewhere, or has not said what it holds has no duty", () => {
		const [piece = 0] = theirs;
		held.get(other)?.add(piece);
		expect(isOthers(piece, 0)).toBe(false);
		held.set(other, new Holdings(PIECES));
		for (let past = 0; past < WINDOW; past++) held.get(other)?.add(past);
		expect(isOthers(piece, 0)).toBe(false);
		held.delete(other);
		expect(isOthers(piece, 0)).toBe(false);
		held.set(other, new Holdings(PIECES));
		expect(isOthers(piece, 0)).toBe(true);
		duty.wants(other, false);
		expect(isOthers(piece, 0)).toBe(false);
	});
});
