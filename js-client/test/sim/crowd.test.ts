import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchFile, watchFilm } from "./audience.ts";
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

test("a crowd too large for everybody to know everybody takes turns at the origin", async () => {
	const scene = { originBytesPerMs: 12_500, connectMs: 300, rttMs: 20 };
	const { crowd, stalls } = await watchFilm({ scene, count: 24, gapMs: 0 }, true);

	// 23 first pieces of 60 are 0.38 copies; without turns it was 2.68 in all
	expect(crowd.copies).toBeLessThan(2.1);
	expect(stalls).toBe(0);
});

test("viewers who need a segment at once leave it to the one who asks first", async () => {
	const scene = { originBytesPerMs: 1500, connectMs: 300, rttMs: 30 };
	let copies = 0;
	for (let gapMs = 2500; gapMs < 3500; gapMs += 100) {
		// of the ten seconds that hls.js grants, our loader spends five: so they come to need it within a moment
		const { crowd, stalls } = await watchFilm({ scene, count: 4, gapMs, maxWaitMs: 5000 }, true);
		copies += crowd.copies / 10;
		expect(crowd.copies).toBeLessThan(1.09);
		expect(stalls).toBe(0);
	}

	// the first pieces of three are 0.05; what was needed at last had been waited for too long already, and was asked for by two
	expect(copies).toBeLessThan(1.06);
});

test("where uplinks are weak the origin helps before a player runs dry", async () => {
	const scene = { originBytesPerMs: 5000, connectMs: 300, rttMs: 30, uplinkBytesPerMs: 600 };
	const { crowd, tookMs, stalls } = await watchFilm({ scene, count: 8, gapMs: 3000, maxWaitMs: 5000 }, true);

	// before segments were helped with it was 2 s, and half of all segments came late, by 1.5 s
	expect(median(tookMs)).toBeLessThan(1000);
	expect(stalls).toBe(0);
	// 3.7 when holders that need up to two seconds for a piece were asked for what is needed now
	expect(crowd.copies).toBeLessThan(2.5);
});

test("viewers who leave, the one furthest ahead first, have passed on before what only they had", async () => {
	const scene = { originBytesPerMs: 5000, connectMs: 300, rttMs: 20 };
	const staysMs = (n: number) => (n < 6 ? 25_000 + n * 2000 : undefined);
	const { crowd, stalls } = await watchFilm({ scene, count: 8, gapMs: 3000, staysMs }, true);

	// 1.5 when each segment was first asked for when its reader needed it
	expect(crowd.copies).toBeLessThan(1.2);
	expect(stalls).toBe(0);
});

test("those who fetch a file from one holder pass on what the others lack", async () => {
	const scene = { originBytesPerMs: 6000, uplinkBytesPerMs: 4000, rttMs: 30 };
	const { crowd, tookMs } = await fetchFile({ scene, count: 6, gapMs: 1500 }, 16_777_216);

	// when everybody asked the holder for the same pieces in the same order, it took 8.6 s
	expect(median(tookMs)).toBeLessThan(5000);
	expect(crowd.copies).toBeLessThan(1.25);
});
