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
