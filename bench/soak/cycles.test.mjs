import { expect, test } from "vitest";
import { wholeCycles } from "./cycles.mjs";

/** Looks at an edge that replaces its process after every 500 connections and occupies 100 more for as long as one drains. */
function looks(connections, { grownBy = () => 0, step = 50 } = {}) {
	return Array.from({ length: connections / step + 1 }, (_, n) => {
		const made = n * step;
		const drains = made >= 500 && made % 500 < 200;
		return {
			connections: made,
			replacements: Math.floor(made / 500),
			total: 200 + (drains ? 100 : 0) + grownBy(made),
		};
	});
}

test("an edge that stays as it was has the same mean in its first and last cycles, wherever the end falls", () => {
	for (const connections of [5000, 5150, 5300, 5450]) {
		const { first, last } = wholeCycles(looks(connections), 1000);

		expect(first).toMatchObject({ count: 1, from: 500, to: 1000, mean: 240 });
		expect(last).toMatchObject({ count: 2, from: 4000, to: 5000, mean: 240 });
		expect([first.most.total, last.most.total]).toEqual([300, 300]);
	}
});

test("what an edge has grown by is in the mean", () => {
	const { first, last } = wholeCycles(looks(5000, { grownBy: (made) => (made >= 4000 ? 120 : 0) }), 1000);

	expect(last.mean / first.mean).toBe(1.5);
});

test("there are as many whole cycles as reach over the span", () => {
	const { last } = wholeCycles(looks(5000), 1200);

	expect(last).toMatchObject({ count: 3, from: 3500, to: 5000 });
});

test("cycles that both comparisons would share compare nothing", () => {
	expect(wholeCycles(looks(2000), 1000)).not.toBeNull();
	expect(wholeCycles(looks(1500), 1000)).toBeNull();
	expect(wholeCycles(looks(450), 1000)).toBeNull();
	expect(wholeCycles([], 1000)).toBeNull();
});
