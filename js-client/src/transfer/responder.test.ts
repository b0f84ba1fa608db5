import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digest } from "../../test/sim/network.ts";
import { type Scene, Visit } from "../../test/sim/visit.ts";
import { GRACE_MS } from "./race.ts";
import { LAYOUT_PATIENCE_MS } from "./responder.ts";

beforeEach(() => {
	vi.spyOn(crypto.subtle, "digest").mockImplementation(digest as typeof crypto.subtle.digest);
});
afterEach(() => {
	vi.restoreAllMocks();
});

const MEGA = 1_000_000;

async function download(scene: Scene): Promise<Visit> {
	const visit = await Visit.of(scene);
	expect(Buffer.compare((await visit.download()) ?? new Uint8Array(), visit.content)).toBe(0);
	return visit;
}

describe("where bytes come from", () => {
	test("a lone visitor takes all from the origin, once, in few requests", async () => {
		const visit = await download({ size: 20 * MEGA });

		expect(visit.originBytes).toBe(20 * MEGA);
		expect(visit.origin.requests.length).toBeLessThanOrEqual(6);
	});

	test("a lone visitor is hardly later than without Rivulet", async () => {
		const visit = await download({ size: 20 * MEGA, origin: { rttMs: 50, bytesPerMs: 2000 } });

		expect(visit.clock.nowMs).toBeLessThan((50 + (20 * MEGA) / 2000) * 1.05);
	});

	test("a layout may take its time, but not keep a reader from the origin", async () => {
		expect((await download({ layoutAtMs: LAYOUT_PATIENCE_MS - 1 })).originBytes).toBe(4 * MEGA);

		const visit = await Visit.of({ layoutAtMs: 60_000 });
		expect(await visit.download()).toBeNull();
		expect(visit.clock.nowMs).toBe(LAYOUT_PATIENCE_MS);
	});

	test("a connected page that holds it serves everything", async () => {
		const visit = await download({ size: 12 * MEGA, peers: [{}] });

		expect(visit.share("peers")).toBe(1);
		expect(visit.originBytes).toBe(0);
	});

	test("a holder that is connected only after the lookup leaves the origin the first piece", async () => {
		const visit = await download({ size: 12 * MEGA, peers: [{ connectsAtMs: 150 }] });

		expect(visit.share("peers")).toBeGreaterThanOrEqual(0.9);
		expect(visit.originBytes).toBe(262_144);
	});

	test("a holder that takes a second to connect still takes over", async () => {
		const visit = await download({ size: 12 * MEGA, peers: [{ connectsAtMs: 1000 }] });

		expect(visit.share("peers")).toBeGreaterThanOrEqual(0.7);
		expect(visit.originBytes).toBe(visit.origin.sentBytes);
	});

	test("a holder that nobody foresaw takes over from a slow origin within seconds", async () => {
		const peers = [{ connectsAtMs: 1000, unforeseen: true }];
		const visit = await download({ size: 12 * MEGA, peers, origin: { bytesPerMs: 1000 } });

		expect(visit.share("peers")).toBeGreaterThanOrEqual(0.7);
		expect(visit.originBytes).toBe(visit.origin.sentBytes);
	});

	test("what a connected page lacks is left to one that is being connected, as long as the reader is fed", async () => {
		const holds = Array.from({ length: 30 }, (_, piece) => piece);
		const visit = await download({ size: 12 * MEGA, peers: [{ holds, bytesPerMs: 4000 }, { connectsAtMs: 1000 }] });

		expect(visit.originBytes).toBe(0);
	});

	test("a page and a warm edge share the work in proportion to their rates", async () => {
		const visit = await download({
			size: 16 * MEGA,
			peers: [
				{ id: "page", bytesPerMs: 6000 },
				{ id: "edge", kind: "edge", bytesPerMs: 12_000, pullsThroughMs: 100 },
			],
		});

		expect(visit.originBytes).toBe(0);
		expect(visit.share("peers")).toBeGreaterThan(0.2);
		expect(visit.share("edges")).toBeGreaterThan(0.5);
	});

	test("a cold edge pulls everything through", async () => {
		const visit = await download({ size: 5 * MEGA, peers: [{ kind: "edge", holds: [], pullsThroughMs: 150 }] });

		expect(visit.share("edges")).toBe(1);
		expect(visit.originBytes).toBe(0);
	});

	test("HTTP holders serve where no neighbour does", async () => {
		const visit = await download({ size: 8 * MEGA, peers: [{ kind: "http" }] });

		expect(visit.share("edges")).toBeGreaterThanOrEqual(0.9);
	});

	test("a visitor with half of it serves that half", async () => {
		const half = Array.from({ length: 16 }, (_, i) => i);
		const visit = await download({ size: 32 * 262_144, peers: [{ holds: half }] });

		expect(visit.share("peers")).toBe(0.5);
		expect(visit.originBytes).toBe(16 * 262_144);
	});

	test("much slower than the origin, a peer does not hold the reader up", async () => {
		const visit = await download({ size: 8 * MEGA, peers: [{ bytesPerMs: 30 }], origin: { bytesPerMs: 4000 } });

		expect(visit.clock.nowMs).toBeLessThan(6000);
	});

	test.each([800, 1700, 3000, 6000])(
		"a peer of %s bytes/ms, slower than the origin or not, costs no time",
		async (bytesPerMs) => {
			const origin = { rttMs: 30, bytesPerMs: 4000 };
			const alone = await download({ size: 32 * MEGA, origin });
			const visit = await download({ size: 32 * MEGA, origin, peers: [{ bytesPerMs }] });

			expect(visit.clock.nowMs).toBeLessThan(alone.clock.nowMs * 1.05 + GRACE_MS + 250);
			expect(visit.originBytes).toBeLessThan(alone.originBytes * Math.max(0.05, 1.1 - bytesPerMs / 4000));
		},
	);

	test("a peer slower than the origin serves alone what there is time for", async () => {
		const visit = await download({
			size: 32 * MEGA,
			origin: { bytesPerMs: 8000 },
			peers: [{ bytesPerMs: 1700 }],
			dueAtMs: 80_000,
		});

		expect(visit.originBytes).toBe(0);
	});

	test("without ranges the origin is asked once for the whole", async () => {
		const visit = await download({ size: 6 * MEGA, ranges: false });

		expect(visit.origin.requests).toEqual([null]);
		expect(visit.originBytes).toBe(6 * MEGA);
	});

	test("without ranges a holder that the tracker knows is waited for", async () => {
		const visit = await download({ size: 6 * MEGA, ranges: false, peers: [{ connectsAtMs: 150 }] });

		expect(visit.originBytes).toBe(0);
	});

	test("an origin that ignores ranges serves the whole", async () => {
		const visit = await download({ size: 6 * MEGA, origin: { ignoresRanges: true } });

		expect(visit.origin.requests.at(-1)).toBeNull();
	});

	test("what the store holds is asked of nobody", async () => {
		const visit = await Visit.of({ peers: [] });
		await visit.download();
		const before = visit.originBytes;
		visit.pieces.length = 0;

		await visit.download();

		expect(visit.originBytes).toBe(before);
		expect(visit.share("store")).toBe(1);
	});

	test("two readers of one resource share one transfer", async () => {
		const visit = await Visit.of({ size: 5 * MEGA });
		const both = Promise.all([visit.serve(), visit.serve()]).then((answers) =>
			Promise.all(answers.map((served) => new Response(served?.body).arrayBuffer())),
		);

		const [a, b] = await visit.clock.settle(both);

		expect(a?.byteLength).toBe(5 * MEGA);
		expect(b?.byteLength).toBe(5 * MEGA);
		expect(visit.originBytes).toBe(5 * MEGA);
	});
});

describe("ranges", () => {
	test("are cut out of their pieces, and nothing else is fetched", async () => {
		const visit = await Visit.of({ size: 5 * MEGA, peers: [{}] });

		const bytes = await visit.download("bytes=300000-800000");

		expect(Buffer.compare(bytes ?? new Uint8Array(), visit.content.subarray(300_000, 800_001))).toBe(0);
		expect(visit.pieces.map(({ piece }) => piece).sort()).toEqual([1, 2, 3]);
	});

	test("are answered 206 with their place", async () => {
		const visit = await Visit.of({ size: 5 * MEGA, peers: [{}] });

		const served = await visit.clock.settle(visit.serve("bytes=-500"));

		expect(served?.status).toBe(206);
		expect(served?.headers["content-range"]).toBe("bytes 4999500-4999999/5000000");
		expect(served?.headers["content-length"]).toBe("500");
	});

	test("past the end are answered 416", async () => {
		const visit = await Visit.of({ size: 5 * MEGA, peers: [{}] });

		const served = await visit.clock.settle(visit.serve("bytes=5000000-"));

		expect(served?.status).toBe(416);
		expect(served?.headers["content-range"]).toBe("bytes */5000000");
	});
});

describe("when others fail", () => {
	test("wrong bytes are not delivered, and their sender is accused", async () => {
		const visit = await download({ peers: [{ corrupt: true }, {}] });

		expect(visit.peers[0]?.accused).toBe(1);
		expect(visit.rejected).toBeGreaterThanOrEqual(1);
		expect(visit.originBytes).toBe(0);
	});

	test("a peer that stalls loses its pieces to others", async () => {
		const visit = await download({ size: 12 * MEGA, peers: [{ stallsAtMs: 600 }, { bytesPerMs: 3000 }] });

		expect(visit.share("peers")).toBeGreaterThan(0.8);
		expect(visit.clock.nowMs).toBeLessThan(5000);
	});

	test("a peer that stalls and is the only one is replaced by the origin", async () => {
		const visit = await download({ size: 12 * MEGA, peers: [{ stallsAtMs: 600 }] });

		expect(visit.clock.nowMs).toBeLessThan(12_000);
	});

	test("holders are not given up for a machine that stood still itself", async () => {
		const peers = [{ bytesPerMs: 2000 }, { bytesPerMs: 2000, kind: "edge" as const }];

		const visit = await download({ peers, frozen: { atMs: 500, ms: 5000 } });

		expect(visit.originBytes).toBe(0);
	});

	test("a peer that leaves is replaced by the origin at once", async () => {
		const visit = await download({ size: 12 * MEGA, peers: [{ leavesAtMs: 600 }] });

		expect(visit.clock.nowMs).toBeLessThan(600 + 12_000 / 2 + 500);
	});

	test("a peer that says no to everything is passed by", async () => {
		const visit = await download({ size: 4 * MEGA, peers: [{ rejects: true }] });

		expect(visit.originBytes).toBe(4 * MEGA);
	});

	test("an origin that refuses is not needed while a holder lives", async () => {
		const visit = await download({ peers: [{ connectsAtMs: 2000 }], origin: { diesAtMs: 0 } });

		expect(visit.share("peers")).toBe(1);
	});

	test("however slow a holder is, it serves when the origin does not", async () => {
		const visit = await download({ size: MEGA, peers: [{ bytesPerMs: 25 }], origin: { diesAtMs: 0 } });

		expect(visit.share("peers")).toBe(1);
	});

	test("an origin that dies half-way is replaced by a late holder", async () => {
		const visit = await download({ size: 8 * MEGA, peers: [{ connectsAtMs: 8000 }], origin: { diesAtMs: 300 } });

		expect(visit.share("peers")).toBeGreaterThan(0.5);
	});

	test("nobody and no origin: the network is left to say so, at once", async () => {
		const visit = await Visit.of({ origin: { diesAtMs: 0 } });

		expect(await visit.download(null, 1000)).toBeNull();
	});

	test("neighbours that hold nothing of it are nobody, too", async () => {
		const visit = await Visit.of({ origin: { diesAtMs: 0 }, peers: [{ holds: [] }] });

		expect(await visit.download(null, 1500)).toBeNull();
	});

	test("those that have not said yet what they hold are waited for", async () => {
		const visit = await download({ size: 2 * MEGA, peers: [{ rttMs: 700 }], origin: { status: 503 } });

		expect(visit.share("peers")).toBe(1);
	});

	test("though not for long", async () => {
		const visit = await Visit.of({ origin: { status: 503 }, peers: [{ rttMs: 60_000 }] });

		expect(await visit.download(null, 3000)).toBeNull();
	});

	test("an error status of the origin is left to the network", async () => {
		const visit = await Visit.of({ origin: { status: 503 } });

		expect(await visit.download(null, 1000)).toBeNull();
	});

	test("a response that nobody can finish fails as fetch would", async () => {
		const visit = await Visit.of({ size: 8 * MEGA, origin: { diesAtMs: 500 } });

		await expect(visit.download()).rejects.toThrow(TypeError);
		expect(visit.clock.nowMs).toBeGreaterThan(30_000);
		expect(visit.clock.nowMs).toBeLessThan(40_000);
	});
});

describe("when the origin changes", () => {
	test("the new version is delivered whole, unverified and unshared, when nothing was delivered before", async () => {
		const visit = await Visit.of({ ranges: false, origin: { changesAtMs: 0 } });

		const bytes = await visit.download();

		expect(Buffer.compare(bytes ?? new Uint8Array(), visit.origin.changed)).toBe(0);
		expect(visit.swarm.shared.size).toBe(0);
		expect(visit.contradicted).toEqual(["https://origin.test/file.bin"]);
		expect(visit.origin.requests.length).toBe(1);
	});

	test("a range of it is left to the network when nothing was delivered before", async () => {
		const visit = await Visit.of({ origin: { changesAtMs: 0 } });

		expect(await visit.download()).toBeNull();
		expect(visit.contradicted.length).toBe(1);
	});

	test("the old version is finished from holders when part of it was delivered", async () => {
		const visit = await download({
			size: 8 * MEGA,
			origin: { changesAtMs: 200 },
			peers: [{ connectsAtMs: 3000 }],
		});

		expect(visit.contradicted.length).toBe(1);
	});

	test("without a holder the response fails and is never a mixture", async () => {
		const visit = await Visit.of({ size: 8 * MEGA, origin: { changesAtMs: 60 } });

		await expect(visit.download()).rejects.toThrow(TypeError);
	});
});

describe("an entry past its freshness", () => {
	test("serves once the origin has confirmed it", async () => {
		const visit = await download({ fresh: false, peers: [{}], origin: { etag: 'W/"1-gzip"' } });

		expect(visit.originBytes).toBe(0);
	});

	test("does not serve when the origin has another version", async () => {
		const visit = await Visit.of({ fresh: false, peers: [{}], origin: { etag: '"2"' } });

		expect(await visit.download()).toBeNull();
	});

	test("does not serve when the origin cannot be asked", async () => {
		const visit = await Visit.of({ fresh: false, peers: [{}], origin: { diesAtMs: 0 } });

		expect(await visit.download()).toBeNull();
	});
});

describe("reading", () => {
	test("a reader who stops costs no more than a window", async () => {
		const visit = await Visit.of({ size: 24 * MEGA, peers: [{ bytesPerMs: 50_000 }] });
		const served = await visit.clock.settle(visit.serve());

		await visit.clock.settle(visit.clock.sleep(20_000));

		expect(served?.status).toBe(200);
		expect(visit.peers[0]?.sentBytes).toBeLessThan(18 * MEGA);
		await served?.body.cancel();
	});

	test("an abort ends the response with its reason, and the transfer", async () => {
		const visit = await Visit.of({ size: 30 * MEGA, peers: [{}] });
		const abort = new AbortController();
		const served = await visit.clock.settle(visit.serve(null, abort.signal));
		const reading = new Response(served?.body).arrayBuffer();

		abort.abort(new Error("enough"));

		await expect(visit.clock.settle(reading)).rejects.toThrow("enough");
		const sent = visit.peers[0]?.sentBytes ?? 0;
		await visit.clock.settle(visit.clock.sleep(5000));
		expect(visit.peers[0]?.sentBytes).toBeLessThanOrEqual(sent + 262_144);
	});

	test("a URL without an entry is the network's, and reported", async () => {
		const visit = await Visit.of({});
		const { signal } = new AbortController();

		const served = await visit.responder.serve({ url: "https://origin.test/other#part", range: null, signal });

		expect(served).toBeNull();
		expect(visit.missing).toEqual(["https://origin.test/other"]);
	});
});
