import { expect, test } from "vitest";
import type { Series } from "../src/api/types.ts";
import { alone, digest, lines, rowsOf, stack, thinned } from "../src/model/series.ts";

const answer: Series = {
	from: 100,
	step: 10,
	points: 4,
	series: { origin: [10, 20, null, null], peers: [100, null, null, 50], viewers: [1, 2, 3] },
};

test("a stack adds up from the bottom and is drawn from the top", () => {
	const { times, plots } = stack(answer, ["origin", "peers"]);

	expect(times).toEqual([100, 110, 120, 130]);
	expect(plots.map(({ name, drawn }) => [name, drawn])).toEqual([
		["peers", [11, 2, null, 5]],
		["origin", [1, 2, null, 0]],
	]);
});

test("what is told of a stack's part is the part, per second", () => {
	const [peers, origin] = stack(answer, ["origin", "peers"]).plots;

	expect(peers?.values).toEqual([10, null, null, 5]);
	expect(origin?.values).toEqual([1, 2, null, null]);
});

test("lines have as many values as there are points, whatever came", () => {
	const [viewers, stalls] = lines(answer, ["viewers", "stalls"]).plots;

	expect(viewers?.drawn).toEqual([1, 2, 3, null]);
	expect(stalls?.drawn).toEqual([null, null, null, null]);
});

test("a point without a known neighbour stands alone", () => {
	expect(alone([1, null, 0, null, 2, 3, null, 4])).toEqual([0, 2, 7]);
	expect(alone([null, null, 5])).toEqual([2]);
	expect(alone([1, 2])).toEqual([]);
	expect(alone([])).toEqual([]);
});

test("a digest knows total, peak and latest, and none of nothing", () => {
	expect(digest([1, 2, 3, 4], [5, 9, 9, null])).toEqual({ total: 23, peak: 9, peakAt: 2, latest: 9 });
	expect(digest([1], [null])).toEqual({ total: 0, peak: 0, peakAt: undefined, latest: undefined });
});

test("a chart's table is bounded and ends with the latest", () => {
	expect(rowsOf(3, 10)).toEqual([0, 1, 2]);
	const rows = rowsOf(2161, 30);
	expect(rows.length).toBeLessThanOrEqual(30);
	expect(rows.at(-1)).toBe(2160);
});

test("a long time is drawn in longer spans: sums of what is known, and the highest of peaks", () => {
	const hours = 90 * 24 + 5;
	const peers = Array.from({ length: hours }, (_, i) => (i < 5 ? 99 : i < 5 + 24 ? null : 1));
	const viewers = Array.from({ length: hours }, (_, i) => i % 24);

	const thin = thinned({ from: 0, step: 3600, points: hours, series: { peers, viewers } });

	expect(thin).toMatchObject({ from: 5 * 3600, step: 86_400, points: 90 });
	expect(thin.series.peers?.slice(0, 2)).toEqual([null, 24]);
	expect(thin.series.viewers?.at(-1)).toBe(23);
});

test("a short time is drawn as it came", () => {
	expect(thinned(answer)).toBe(answer);
});
