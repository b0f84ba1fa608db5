// A crowd that watches a film to its end: spread, with an origin that cannot carry it, and all at once.
import { film, lateFrame } from "./film.mjs";

/** Copies from the origin that are allowed: with the player's help by number of viewers, without it. */
const WITH_THE_PLAYER = { 4: 1.1, 8: 1.15 };
const MOST_COPIES = { "rivulet-hls": WITH_THE_PLAYER, "rivulet-hls-progressive": WITH_THE_PLAYER, rivulet: {} };
const MOST_COPIES_UNMODIFIED = 1.25;

export const vod = film({
	about: "joins 3 s apart",
	gapMs: 3000,
	viewers: [4, 8],
	targets: ([copies, first, , firstViewer, stalls], { plain }, { contender, count }) => [
		{ what: "copies", value: copies, most: MOST_COPIES[contender]?.[count] ?? MOST_COPIES_UNMODIFIED },
		{ what: "stalls", value: stalls, most: 0 },
		...(plain
			? [
					{ what: "median first frame, s", value: first, most: lateFrame(plain[1]) },
					{ what: "first viewer's first frame, s", value: firstViewer, most: lateFrame(plain[3]) },
				]
			: []),
	],
});

export const vodNarrow = film({
	about: "joins 3 s apart",
	mbits: 8,
	gapMs: 3000,
	viewers: [8],
	targets: ([, first, , , stalls]) => [
		{ what: "stalls", value: stalls, most: 0 },
		{ what: "median first frame, s", value: first, most: 2 },
	],
});

export const vodCrowd = film({
	about: "all at the same instant",
	gapMs: 0,
	viewers: [8],
	targets: ([copies, first], { plain }) => [
		{ what: "copies", value: copies, most: 1.3 },
		...(plain ? [{ what: "median first frame, s", value: first, most: plain[1] }] : []),
	],
});
