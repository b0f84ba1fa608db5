import { expect, test } from "vitest";
import type { Points, Series } from "../src/api/types.ts";
import { begun, grown } from "../src/model/running.ts";

const series = (from: number, step: number, peers: Points, viewers: Points): Series => ({
	from,
	step,
	points: peers.length,
	series: { peers, viewers },
});
/** What the stream tells: two spans, the last of which may not be known yet. */
const told = (from: number, peers: Points) => series(from, 10, peers, peers);

test("a chart in the stream's steps moves on by a span, and takes none twice", () => {
	const begin = begun(series(100, 10, [1, 2, null], [1, 2, null]), told(100, [1, 2]));

	const after = grown(grown(grown(begin, told(110, [2, 3])), told(110, [2, 3])), told(120, [3, 4]));

	expect(after.now).toEqual(series(110, 10, [2, 3, 4], [2, 3, 4]));
	expect(after.gap).toBe(false);
});

test("in longer steps sums grow and peaks rise by what is new", () => {
	const begin = begun(series(0, 60, [100, 40], [7, 3]), told(80, [5, 6]));

	const after = grown(grown(begin, told(90, [6, 10])), told(100, [10, 20]));

	expect(after.now).toEqual(series(0, 60, [100, 70], [7, 20]));
});

test("a new step begins with its first span", () => {
	const begin = begun(series(0, 60, [100, 40], [7, 3]), told(100, [5, 6]));

	expect(grown(begin, told(110, [6, null])).now).toEqual(series(0, 60, [100, 40], [7, 3]));
	expect(grown(begin, told(120, [9, null])).now).toEqual(series(60, 60, [40, 9], [3, 9]));
});

test("before anything was heard an answer in longer steps holds it already", () => {
	const begin = begun(series(0, 60, [100, 40], [7, 3]), null);

	const first = grown(begin, told(90, [5, 6]));

	expect(first.now).toBe(begin.base);
	expect(grown(first, told(100, [6, 7])).now.series.peers).toEqual([100, 47]);
});

test("an answer that says up to when it counts loses nothing of the stream and takes nothing twice", () => {
	const base = { ...series(0, 60, [100, 40], [7, 3]), until: 80 };

	// What ended while the answer was on its way is told already.
	expect(begun(base, told(70, [5, 6])).now.series.peers).toEqual([100, 46]);
	// What it holds already is told once more.
	expect(begun(base, told(60, [5, 6])).now.series.peers).toEqual([100, 40]);
	expect(grown(begun(base, null), told(70, [5, 6])).now.series.peers).toEqual([100, 46]);
	expect(begun(base, told(90, [5, 6])).gap).toBe(true);
});

test("a gap is told", () => {
	const begin = begun(series(100, 10, [1, 2], [1, 2]), told(100, [1, 2]));

	expect(grown(begin, told(120, [null, 5])).gap).toBe(true);
	expect(grown(begin, told(120, [4, 5])).gap).toBe(false);
});

test("a span of which nothing is known yet is waited for", () => {
	const begin = begun(series(100, 10, [1, 2], [1, 2]), told(100, [1, 2]));

	expect(grown(begin, told(110, [2, null]))).toBe(begin);
});
