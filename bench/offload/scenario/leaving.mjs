// Viewers who leave, the one with the most to give first.
import { film } from "./film.mjs";

/** When the first one leaves, and how long after it each of the others, milliseconds. */
const FIRST_LEAVES_MS = 25_000;
const LEAVES_EVERY_MS = 5000;
const GAP_MS = 3000;
/** Viewers who stay to the end. */
const STAY = 2;
const VIEWERS = 8;

export const leaving = film({
	about: "joins 3 s apart, from 25 s on one leaves every 5 s, two stay",
	gapMs: GAP_MS,
	viewers: [VIEWERS],
	staysMs: (n) => (n < VIEWERS - STAY ? FIRST_LEAVES_MS + n * (LEAVES_EVERY_MS - GAP_MS) : undefined),
	contenders: ["plain", "rivulet", "rivulet-hls", "p2pml"],
	targets: ([copies, , , , stalls]) => [
		{ what: "copies", value: copies, most: 1.3 },
		{ what: "stalls", value: stalls, most: 0 },
	],
});
