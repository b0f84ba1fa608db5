import { expect, test } from "vitest";
import type { ContentId, PeerId } from "../protocol/ids.ts";
import { Counters } from "./stats.ts";

const piece = { url: "https://a.test/", content: "c" as ContentId, piece: 0, bytes: 100 };

test("verified pieces count by number; their bytes only when they come from the store", () => {
	const counters = new Counters();

	counters.verified({ ...piece, source: "store" });
	counters.verified({ ...piece, source: "peers" });
	counters.count("peers", 150);

	expect(counters.bytes).toEqual({ store: 100, peers: 150, edges: 0, origin: 0, uploaded: 0 });
	expect(counters.pieces).toEqual({ verified: 2, rejected: 0 });
});

test("a report says what is new since the last, and nothing when nothing is", () => {
	const counters = new Counters();
	counters.count("origin", 10);
	counters.rejected();

	expect(counters.report()).toMatchObject({ bytes: { origin: 10 }, pieces: { verified: 0, rejected: 1 } });
	expect(counters.report()).toBeNull();
	counters.count("origin", 5);
	expect(counters.report()).toMatchObject({ bytes: { origin: 5 }, pieces: { rejected: 0 } });
});

test("bad peers and contradicted URLs are reported in portions that a message may have", () => {
	const counters = new Counters();
	for (let n = 0; n < 20; n++) {
		counters.bad("p" as PeerId, "c" as ContentId, n);
		counters.contradicted(`https://a.test/${n}`);
	}

	const [first, second] = [counters.report(), counters.report()];

	expect([first?.bad?.length, second?.bad?.length]).toEqual([16, 4]);
	expect([first?.contradicted?.length, second?.contradicted?.length]).toEqual([16, 4]);
});

test("a report tells what was used of each content, whence, and what went wrong, once", () => {
	const counters = new Counters();
	counters.verified({ ...piece, source: "origin" });
	counters.verified({ ...piece, source: "peers" });
	counters.stalls++;
	counters.failed += 2;

	const [first, second] = [counters.report(), counters.report()];

	expect(first).toMatchObject({ stalls: 1, failed: 2, contents: [{ content: "c", bytes: 200, origin: 100 }] });
	expect(second).toBeNull();
});

test("contents and neighbours are reported as far as a message may have them; other contents with the next", () => {
	const counters = new Counters();
	const neighbours = Array.from({ length: 70 }, (_, n) => ({ peer: `p${n}` as PeerId, down: n, up: 1 }));
	for (let n = 0; n < 20; n++) counters.verified({ ...piece, content: `c${n}` as ContentId, source: "edges" });

	const [first, second] = [counters.report(neighbours), counters.report()];

	expect([first?.links?.length, first?.contents?.length, second?.contents?.length]).toEqual([64, 16, 4]);
	expect(first?.links?.[1]).toEqual({ peer: "p1", down: 1, up: 1 });
});
