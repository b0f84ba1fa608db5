import { expect, test } from "vitest";
import { Path } from "./path.mjs";

test("a packet is late by the delay", () => {
	expect(new Path({ delayMs: 15 }).wait(1200, 1000)).toBe(15);
});

test("a slow path lets its rate through and drops what would wait too long", () => {
	const path = new Path({ bytesPerSecond: 500_000 });
	let passed = 0;
	for (let now = 0; now < 10_000; now++) if (path.wait(1000, now) !== null) passed += 1000;

	expect(passed / 10).toBeGreaterThan(0.98 * 500_000);
	expect(passed / 10).toBeLessThan(1.03 * 500_000);
});

test("a lossy path loses its share, whatever the size", () => {
	const draws = [0.004, 0.5, 0.0099, 0.01];
	const path = new Path({ delayMs: 15, lossShare: 0.01, random: () => draws.shift() });

	expect([1, 2, 3, 4].map(() => path.wait(100, 0))).toEqual([null, 15, null, 15]);
});

test("a path that stalls lets small packets through for ever", () => {
	const path = new Path({ stallsAfterBytes: 10_000 });
	let large = 0;
	for (let n = 0; n < 100; n++) if (path.wait(1000, n) !== null) large++;

	expect(large).toBe(10);
	expect(path.wait(100, 200)).toBe(0);
});
