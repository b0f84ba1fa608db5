// Scenarios in which viewers watch a film of HLS segments: what they have in common.
import { cp } from "node:fs/promises";
import { median } from "../figures.mjs";
import { makeFilm } from "../media.mjs";
import { runCrowd, served } from "../run.mjs";

/** How far a first frame may be behind plain HTTP's: a share of it and a constant, seconds. */
export const lateFrame = (plain) => 1.05 * plain + 0.025;

/** Bytes of a film's segments and its playlist. */
export const filmBytes = (site, name) =>
	[...site.files].filter(([url]) => url.includes(`/${name}/`)).reduce((sum, [, { body }]) => sum + body.length, 0);

/**
 * A scenario: a film of `seconds` from an origin of `mbits`, viewers `gapMs` apart. `staysMs(n)`: viewer `n` leaves then;
 * `task`: more for the page.
 */
export function film({ about, seconds = 60, mbits = 40, gapMs, staysMs, task = {}, ...rest }) {
	const name = `film-${seconds}`;
	return {
		about: `HLS ${seconds} s at 2 Mbit/s, ${about}, origin ${mbits} Mbit/s, 30 ms`,
		origin: { bitsPerSecond: mbits * 1e6, latencyMs: 30 },
		columns: ["copies", "first frame s", "slowest s", "first viewer s", "stalls", "stalled s"],
		contenders: [
			"plain",
			"plain-progressive",
			"rivulet",
			"rivulet-hls",
			"rivulet-hls-progressive",
			"p2pml",
			"p2pml-tuned",
		],

		async content(folder) {
			await cp(await makeFilm(seconds), folder, { recursive: true, preserveTimestamps: true });
		},

		run(world, contender, count) {
			// the film, and as much again for stalls
			const limitMs = 2 * seconds * 1000;
			const whole = { url: world.site.contentUrl(`${name}/index.m3u8`), ...task };
			const body = `<video muted playsinline width="320" height="180"></video>`;
			return runCrowd({ world, contender, count, gapMs, limitMs, staysMs, kind: "film", task: whole, body });
		},

		figures({ outcomes, rows }, site) {
			const good = outcomes.filter((outcome) => !outcome.error);
			const first = good.map(({ firstFrameMs }) => firstFrameMs / 1000);
			const stalls = good.flatMap((outcome) => outcome.stalls);
			const stalled = stalls.reduce((sum, [, ms]) => sum + ms / 1000, 0);
			const copies = served(rows) / filmBytes(site, name);
			return [copies, median(first), Math.max(...first), first[0], stalls.length, stalled];
		},
		...rest,
	};
}
