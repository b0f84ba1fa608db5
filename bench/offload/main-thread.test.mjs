import { expect, test } from "vitest";
import { longestTaskCpu } from "./main-thread.mjs";

const MAIN = { pid: 1, tid: 2 };
const task = (ts, tdur, where = MAIN) => ({ name: "RunTask", ...where, ts, dur: 10 * tdur, tdur });
const mark = (name, ts) => ({ name, ...MAIN, ts });

test("the longest task is one of the page's main thread that began while bytes came, by its processor time", () => {
	const events = [
		task(0, 90_000),
		mark("first byte", 100_000),
		task(150_000, 4000),
		task(160_000, 80_000, { pid: 1, tid: 3 }),
		task(170_000, 70_000, { pid: 9, tid: 2 }),
		task(180_000, 12_500),
		mark("last byte", 300_000),
		task(300_001, 95_000),
	];

	expect(longestTaskCpu(events)).toBe(12.5);
});

test("a page that marked nothing has none that is known", () => {
	expect(longestTaskCpu([task(0, 90_000), mark("first byte", 1)])).toBeNaN();
});
