// A film of HLS segments that viewers start one after the other and watch to its end.
import { cp } from "node:fs/promises";
import { median } from "../figures.mjs";
import { makeFilm } from "../media.mjs";
import { runCrowd, served } from "../run.mjs";

const SECONDS = 60;
/** Longest that one viewer may take, milliseconds: the film, and as much again for stalls. */
const LIMIT_MS = 2 * SECONDS * 1000;
const PLAYLIST = "film/index.m3u8";

const filmBytes = (site) =>
	[...site.files].filter(([url]) => url.includes("/film/")).reduce((sum, [, { body }]) => sum + body.length, 0);

function film({ about, mbits, gapMs, viewers, targets }) {
	return {
		about: `HLS 60 s at 2 Mbit/s, ${about}, origin ${mbits} Mbit/s, 30 ms`,
		origin: { bitsPerSecond: mbits * 1e6, latencyMs: 30 },
		viewers,
		contenders: ["plain", "rivulet", "p2pml", "p2pml-tuned"],
		columns: ["copies", "first frame s", "slowest s", "first viewer s", "stalls", "stalled s"],
		targets,

		async content(folder) {
			await cp(await makeFilm(SECONDS), folder, { recursive: true, preserveTimestamps: true });
		},

		run(world, contender, count) {
			const task = { url: world.site.contentUrl(PLAYLIST) };
			const body = `<video muted playsinline width="320" height="180"></video>`;
			return runCrowd({ world, contender, count, gapMs, limitMs: LIMIT_MS, kind: "film", task, body });
		},

		figures({ outcomes, rows }, site) {
			const good = outcomes.filter((outcome) => !outcome.error);
			const first = good.map(({ firstFrameMs }) => firstFrameMs / 1000);
			const stalls = good.flatMap((outcome) => outcome.stalls);
			const stalled = stalls.reduce((sum, [, ms]) => sum + ms / 1000, 0);
			return [served(rows) / filmBytes(site), median(first), Math.max(...first), first[0], stalls.length, stalled];
		},
	};
}

/** How far a first frame may be behind plain HTTP's: a share of it and a constant, seconds. */
const lateFrame = (plain) => 1.05 * plain + 0.025;

export const vod = film({
	about: "joins 3 s apart",
	mbits: 40,
	gapMs: 3000,
	viewers: [4, 8],
	targets: ([copies, first, , firstViewer, stalls], { plain }) => [
		{ what: "copies", value: copies, most: 1.25 },
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
	mbits: 40,
	gapMs: 0,
	viewers: [8],
	targets: ([copies, first], { plain }) => [
		{ what: "copies", value: copies, most: 1.3 },
		...(plain ? [{ what: "median first frame, s", value: first, most: plain[1] }] : []),
	],
});
