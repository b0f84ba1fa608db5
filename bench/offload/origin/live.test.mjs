import { expect, test } from "vitest";
import { LiveStream } from "./live.mjs";

const stream = new LiveStream({ prefix: "/content/live/", startMs: 100_000, segmentMs: 4000, segments: 30 });
const segmentsAt = (ms) =>
	stream
		.playlist(ms)
		.toString()
		.match(/segment-\d+\.ts/g) ?? [];

test("a segment is there from its time on", () => {
	expect(stream.hides("/content/live/segment-000.ts", 100_000)).toBe(false);
	expect(stream.hides("/content/live/segment-001.ts", 103_999)).toBe(true);
	expect(stream.hides("/content/live/segment-001.ts", 104_000)).toBe(false);
	expect(stream.hides("/content/film/segment-029.ts", 100_000)).toBe(false);
});

test("the playlist has the newest segments, and none that is still to come", () => {
	expect(segmentsAt(104_000)).toEqual(["segment-000.ts", "segment-001.ts"]);
	expect(segmentsAt(140_000)).toEqual([5, 6, 7, 8, 9, 10].map((n) => `segment-${String(n).padStart(3, "0")}.ts`));
	for (const name of segmentsAt(140_000)) expect(stream.hides(`/content/live/${name}`, 140_000)).toBe(false);
	expect(segmentsAt(900_000).at(-1)).toBe("segment-029.ts");
});

test("a segment that has just appeared was filmed until now", () => {
	const text = stream.playlist(140_000).toString();
	expect(text).toContain("#EXT-X-MEDIA-SEQUENCE:5\n");
	expect(text).toContain(
		`#EXT-X-PROGRAM-DATE-TIME:${new Date(136_000).toISOString()}\n#EXTINF:4.000000,\nsegment-010.ts`,
	);
});
