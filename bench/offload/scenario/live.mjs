// A live stream: each segment is there when it has been filmed, and everybody wants it at once.
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { contenders } from "../contenders.mjs";
import { median } from "../figures.mjs";
import { packageInto } from "../live.mjs";
import { makeFilm, SEGMENT_SECONDS } from "../media.mjs";
import { runCrowd } from "../run.mjs";
import { ON_DEMAND_FOLDER } from "../site.mjs";

const SECONDS = 120;
const GAP_MS = 3000;
/** How long everybody watches, milliseconds. */
const STAYS_MS = 50_000;
/** Segments that are there before the first viewer comes, and how long everything before that may take, milliseconds. */
const HEAD_START = 4;
const PREPARE_MS = 10_000;
let runs = 0;

const isSegment = (path) => path.endsWith(".ts");

/** Puts a stream of its own on the origin, and has its folder followed where the contender says so. @returns where it is and when it begins */
async function begin(world, contender) {
	const { site, origin, scope } = world;
	const { follows, onDemand } = contenders[contender];
	const name = `${onDemand ? `${ON_DEMAND_FOLDER}/` : ""}live-${++runs}`;
	const folder = join(site.folder, `stream-${runs}`);
	await mkdir(join(folder, name), { recursive: true });
	await cp(join(await makeFilm(SECONDS), `film-${SECONDS}`), join(folder, name), { recursive: true });
	await rm(join(folder, name, "index.m3u8"));
	const urls = site.add(folder);
	const segmentMs = SEGMENT_SECONDS * 1000;
	const startMs = Date.now() + PREPARE_MS - HEAD_START * segmentMs;
	origin.live({ prefix: `/content/${name}/`, startMs, segmentMs, segments: urls.length });
	const segments = urls.map((url, n) => ({ url, body: site.files.get(url).body, atMs: startMs + n * segmentMs }));
	if (follows) {
		const packaged = join(site.folder, `packaged-${runs}`);
		const failed = (error) => console.error(`packaging a segment: ${error.message}`);
		const stop = await packageInto(packaged, segments, segmentMs, failed);
		scope.onClose(async () => stop());
		await site.follow(name, packaged, scope);
	}
	return { url: site.contentUrl(`${name}/live.m3u8`), atMs: startMs + HEAD_START * segmentMs };
}

export const live = {
	about: "live HLS at 2 Mbit/s, segments of 4 s, joins 3 s apart, each watches 50 s, origin 40 Mbit/s, 30 ms",
	origin: { bitsPerSecond: 40e6, latencyMs: 30 },
	viewers: [6],
	contenders: ["plain", "rivulet-live", "rivulet-live-on-demand"],
	columns: ["copies", "indexer's", "first frame s", "behind live s", "the last s", "stalls"],

	async content() {
		await makeFilm(SECONDS);
	},

	async run(world, contender, count) {
		const stream = await begin(world, contender);
		const body = `<video muted playsinline width="320" height="180"></video>`;
		const task = { url: stream.url, live: true };
		const arrivesMs = (n) => n * GAP_MS;
		return runCrowd({
			world,
			contender,
			count,
			arrivesMs,
			limitMs: 2 * STAYS_MS,
			staysMs: () => STAYS_MS,
			kind: "film",
			task,
			body,
		});
	},

	/** A copy is one of everything that anybody was given. */
	figures({ outcomes, rows }, site) {
		const given = new Set(outcomes.flatMap(({ delivered = [] }) => delivered.map(([url]) => url)));
		const bytes = [...given].reduce((sum, url) => sum + site.files.get(url).body.length, 0);
		const sum = (some) => some.reduce((all, row) => all + (isSegment(row.path) ? row.bytes : 0), 0) / bytes;
		const good = outcomes.filter(({ error }) => !error);
		const behind = good.map(({ behindSeconds }) => behindSeconds);
		return [
			sum(rows),
			sum(rows.filter(({ asker }) => asker === "indexer")),
			median(good.map(({ firstFrameMs }) => firstFrameMs / 1000)),
			median(behind),
			Math.max(...behind),
			good.flatMap(({ stalls }) => stalls).length,
		];
	},

	targets: ([copies, , , , last], { plain }, { contender }) => [
		{ what: "copies", value: copies, most: contenders[contender].onDemand ? 2.2 : 1.2 },
		...(plain ? [{ what: "furthest behind live, s", value: last, most: plain[4] + SEGMENT_SECONDS }] : []),
	],
};
