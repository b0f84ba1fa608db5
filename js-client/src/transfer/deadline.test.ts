import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digest, type PeerBehaviour } from "../../test/sim/network.ts";
import { type Scene, Visit } from "../../test/sim/visit.ts";
import { FIRST_HOLDER_MS } from "./plan.ts";

beforeEach(() => {
	vi.spyOn(crypto.subtle, "digest").mockImplementation(digest as typeof crypto.subtle.digest);
});
afterEach(() => {
	vi.restoreAllMocks();
});

/** A segment of four seconds at 2 Mbit/s. */
const PIECES = 4;
const SIZE = PIECES * 262_144 - 1000;
/** What a piece may take beyond the deadline: a holder that might pull it through has to be found out as silent first. */
const HELP_MS = 4000;

async function download(scene: Scene): Promise<Visit> {
	const visit = await Visit.of({ size: SIZE, ...scene });
	expect(Buffer.compare((await visit.download()) ?? new Uint8Array(), visit.content)).toBe(0);
	return visit;
}

describe("what there is time for", () => {
	test("a holder that is being connected serves all where it is not needed at once", async () => {
		const visit = await download({ peers: [{ connectsAtMs: 900 }], dueAtMs: 6000 });

		expect(visit.share("peers")).toBe(1);
		expect(visit.originBytes).toBe(0);
	});

	test("what is due now is asked of the origin as if there were no deadline", async () => {
		const peers = [{ connectsAtMs: 900 }];

		const due = await download({ peers, dueAtMs: 0 });
		const plain = await download({ peers });

		expect(due.clock.nowMs).toBe(plain.clock.nowMs);
		expect(due.originBytes).toBe(plain.originBytes);
	});

	test("nothing is waited for where nobody may come", async () => {
		const due = await download({ dueAtMs: 20_000 });
		const plain = await download({});

		expect(due.clock.nowMs).toBeLessThan(plain.clock.nowMs + FIRST_HOLDER_MS);
	});

	test("a slow holder serves alone what it can serve in time", async () => {
		const peers = [{ bytesPerMs: 100 }];

		expect((await download({ peers, dueAtMs: 40_000 })).originBytes).toBe(0);
		expect((await download({ peers })).originBytes).toBeGreaterThan(0);
	});

	test("what a slow holder would bring late the origin helps with in time", async () => {
		const visit = await download({ peers: [{ bytesPerMs: 300 }], dueAtMs: 3000 });

		expect(visit.clock.nowMs).toBeLessThan(3000);
		expect(visit.share("peers")).toBeGreaterThan(0.4);
	});

	test("so it does where it was never asked before", async () => {
		const peers = [{ bytesPerMs: 250 }, { bytesPerMs: 250 }];

		expect((await download({ size: 500_000, peers, dueAtMs: 0 })).clock.nowMs).toBeLessThan(1500);
	});

	test("without a deadline a segment is left to a holder that needs several times as long, as players fetch ahead", async () => {
		const visit = await download({ peers: [{ bytesPerMs: 500 }] });

		expect(visit.originBytes).toBe(0);
	});

	test("a deadline that comes nearer while the first bytes are waited for is kept by the origin", async () => {
		const visit = await download({ peers: [{ connectsAtMs: 60_000 }], dueAtMs: 5000 });

		expect(visit.originBytes).toBe(SIZE);
		expect(visit.clock.nowMs).toBeLessThan(5000);
	});

	test("it is told when a reader that had time has run out of it, and only then", async () => {
		const bad = { origin: { rttMs: 30, bytesPerMs: 100 } };

		expect((await download({ ...bad, dueAtMs: 5000 })).late).toBeGreaterThan(0);
		expect((await download({ ...bad, dueAtMs: 60_000 })).late).toBe(0);
		expect((await download({ ...bad, dueAtMs: 0 })).late).toBe(0);
		expect((await download(bad)).late).toBe(0);
	});

	test("holders that were silent before are not tried again and again while the reader waits", async () => {
		const peers = [
			{ rttMs: 1, bytesPerMs: 148, connectsAtMs: null, stallsAtMs: 445 },
			{ rttMs: 1, bytesPerMs: 148, connectsAtMs: null, stallsAtMs: 1552 },
		];

		const visit = await download({ peers, origin: { rttMs: 1, bytesPerMs: 5350 }, dueAtMs: 2550 });

		expect(visit.clock.nowMs).toBeLessThan(2550 + HELP_MS);
	});

	test("a holder that falls silent is replaced in time", async () => {
		const visit = await download({ peers: [{ bytesPerMs: 400, stallsAtMs: 500 }], dueAtMs: 8000 });

		expect(visit.clock.nowMs).toBeLessThan(8000);
	});
});

describe("what is not needed yet", () => {
	/** Who reads it has not come as far after ten seconds. */
	async function hold(scene: Scene): Promise<Visit> {
		const visit = await Visit.of({ size: SIZE, dueAtMs: Number.POSITIVE_INFINITY, ...scene });
		const abort = new AbortController();
		const served = visit.serve(null, abort.signal);
		await visit.clock.settle(visit.clock.sleep(10_000));
		abort.abort();
		await visit.clock.settle(served.catch(() => null));
		return visit;
	}

	test("is taken from the only page that has it, lest that one leave", async () => {
		const visit = await hold({ peers: [{}] });

		expect(visit.pieces).toHaveLength(PIECES);
		expect(visit.share("peers")).toBe(1);
	});

	test("is left alone where it is safe, or the origin's", async () => {
		for (const peers of [[], [{ id: "one" }, { id: "two" }], [{ kind: "edge" }]] as PeerBehaviour[][]) {
			const visit = await hold({ peers });

			expect(visit.pieces).toEqual([]);
			expect(visit.originBytes).toBe(0);
		}
	});

	test("comes like any other once it is needed", async () => {
		const visit = await Visit.of({ size: SIZE, dueAtMs: Number.POSITIVE_INFINITY });
		visit.clock.after(5000, () => {
			visit.dueAtMs = visit.clock.nowMs;
		});

		expect(Buffer.compare((await visit.download()) ?? new Uint8Array(), visit.content)).toBe(0);
		expect(visit.clock.nowMs).toBeGreaterThan(5000);
		expect(visit.originBytes).toBe(SIZE);
	});
});

test("a reader with a deadline is never later than that, or than without, by more than help takes", async () => {
	const time = fc.integer({ min: 0, max: 4000 });
	const peer: fc.Arbitrary<PeerBehaviour> = fc.record(
		{
			kind: fc.constantFrom("page", "edge", "http"),
			rttMs: fc.integer({ min: 1, max: 300 }),
			bytesPerMs: fc.oneof(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 200, max: 20_000 })),
			connectsAtMs: fc.option(time, { nil: null }),
			holds: fc.subarray(Array.from({ length: PIECES }, (_, i) => i)),
			leavesAtMs: time,
			stallsAtMs: time,
			rejects: fc.boolean(),
		},
		{ requiredKeys: ["kind", "rttMs", "bytesPerMs", "connectsAtMs"] },
	);
	const origin = fc.record({
		rttMs: fc.integer({ min: 1, max: 300 }),
		bytesPerMs: fc.integer({ min: 1500, max: 9000 }),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(peer, { maxLength: 4 }),
			origin,
			fc.integer({ min: 0, max: 15_000 }),
			fc.boolean(),
			async (peers, origin, dueAtMs, ranges) => {
				const scene = { peers, origin, ranges };

				const due = await download({ ...scene, dueAtMs });
				const plain = await download(scene);

				expect(due.clock.nowMs).toBeLessThan(Math.max(dueAtMs, plain.clock.nowMs) + HELP_MS);
			},
		),
		{ numRuns: 60 },
	);
});
