import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchFilm } from "./audience.ts";
import { digest } from "./network.ts";

beforeEach(() => {
	vi.spyOn(crypto.subtle, "digest").mockImplementation(digest as typeof crypto.subtle.digest);
});
afterEach(() => {
	vi.restoreAllMocks();
});
/** Whole swarms on a machine that may be busy. */
vi.setConfig({ testTimeout: 60_000 });

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

test("a crowd that comes at once waits for each other's connections, and so sees the film sooner", async () => {
	const scene = { originBytesPerMs: 5000, connectMs: 300, rttMs: 20 };
	const { crowd, tookMs, stalls } = await watchFilm({ scene, count: 8, gapMs: 0 }, false);

	// all of the first segment for each would take the origin 1.6 s
	expect(median(tookMs)).toBeLessThan(1000);
	expect(crowd.copies).toBeLessThan(1.3);
	expect(stalls).toBe(0);
});
