import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { digest, type OriginBehaviour, type PeerBehaviour } from "../../test/sim/network.ts";
import { Visit } from "../../test/sim/visit.ts";

const PIECES = 6;
const SIZE = PIECES * 262_144 - 1000;

beforeEach(() => {
	vi.spyOn(crypto.subtle, "digest").mockImplementation(digest as typeof crypto.subtle.digest);
});
afterEach(() => {
	vi.restoreAllMocks();
});

const time = fc.integer({ min: 0, max: 3000 });
const peer = fc.record(
	{
		kind: fc.constantFrom("page", "edge", "http"),
		rttMs: fc.integer({ min: 1, max: 400 }),
		bytesPerMs: fc.oneof(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 200, max: 20_000 })),
		connectsAtMs: fc.option(time, { nil: null }),
		holds: fc.subarray(Array.from({ length: PIECES }, (_, i) => i)),
		pullsThroughMs: time,
		leavesAtMs: time,
		stallsAtMs: time,
		corrupt: fc.boolean(),
		rejects: fc.boolean(),
	},
	{ requiredKeys: ["kind", "rttMs", "bytesPerMs", "connectsAtMs"] },
);
const origin: fc.Arbitrary<OriginBehaviour> = fc.record(
	{
		rttMs: fc.integer({ min: 1, max: 800 }),
		bytesPerMs: fc.integer({ min: 50, max: 20_000 }),
		diesAtMs: time,
		changesAtMs: time,
		ignoresRanges: fc.boolean(),
		status: fc.constantFrom(404, 503),
	},
	{ requiredKeys: ["rttMs", "bytesPerMs"] },
);

const steadyOrigin = (o: OriginBehaviour) =>
	o.diesAtMs === undefined && o.changesAtMs === undefined && o.status === undefined;
const steadyHolder = (p: PeerBehaviour) =>
	p.leavesAtMs === undefined && p.stallsAtMs === undefined && !p.corrupt && !p.rejects && p.holds === undefined;

test("whatever the others do, the right bytes come in order, and all of them while somebody steady has them", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(peer, { maxLength: 4 }), origin, fc.boolean(), async (peers, origin, ranges) => {
			const visit = await Visit.of({ size: SIZE, peers, origin, ranges });
			const abort = new AbortController();
			const read = async (): Promise<"network" | "changed" | "complete" | "failed"> => {
				const served = await visit.serve(null, abort.signal);
				if (!served) return "network";
				let at = 0;
				const version = served.headers["etag"] ? visit.content : visit.origin.changed;
				try {
					for await (const chunk of served.body) {
						const expected = version.subarray(at, at + chunk.length);
						expect(Buffer.compare(chunk, expected), `bytes from ${at}`).toBe(0);
						at += chunk.length;
					}
				} catch (error) {
					if (!(error instanceof TypeError)) throw error;
					return "failed";
				}
				expect(at).toBe(SIZE);
				return version === visit.content ? "complete" : "changed";
			};

			const end = await visit.clock.settle(read(), 300_000);
			abort.abort();

			// A holder over HTTP is met only after the tracker named it; with the origin that answers "network" suffices.
			if (steadyOrigin(origin)) expect(end).toBe("complete");
			if (end === "network") expect(steadyOrigin(origin)).toBe(false);
			if (origin.changesAtMs === undefined && peers.some(steadyHolder)) expect(end).toBe("complete");
		}),
		{ numRuns: 60 },
	);
}, 120_000);
