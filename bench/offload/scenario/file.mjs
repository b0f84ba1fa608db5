// A file of 32 MiB that visitors fetch one after the other.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { median } from "../figures.mjs";
import { runCrowd, served } from "../run.mjs";

const BYTES = 32 * 1024 * 1024;
const GAP_MS = 2000;
/** Longest that one visitor may take, milliseconds. */
const LIMIT_MS = 120_000;
const FILE = "file/large.bin";

export const file = {
	about: "file of 32 MiB, joins 2 s apart, origin 80 Mbit/s, 30 ms",
	origin: { bitsPerSecond: 80e6, latencyMs: 30 },
	viewers: [2, 4, 8],
	contenders: ["plain", "rivulet-fetch", "rivulet", "webtorrent", "webtorrent-default"],
	columns: ["copies", "median s", "slowest s", "first byte s", "long task ms", "its CPU ms"],

	async content(folder) {
		await mkdir(join(folder, "file"), { recursive: true });
		await writeFile(join(folder, FILE), randomBytes(BYTES));
	},

	run(world, contender, count, more = {}) {
		const url = world.site.contentUrl(FILE);
		const content = { url, bytes: world.site.files.get(url).body };
		const limits = { gapMs: GAP_MS, limitMs: LIMIT_MS };
		return runCrowd({
			world,
			contender,
			count,
			...limits,
			kind: "file",
			task: { url },
			content,
			traced: true,
			...more,
		});
	},

	figures({ outcomes, rows }) {
		const good = outcomes.filter((outcome) => !outcome.error);
		const done = good.map(({ doneMs }) => doneMs / 1000);
		const copies = served(rows) / BYTES;
		const firstByte = median(good.map(({ firstByteMs }) => firstByteMs / 1000));
		const longTask = Math.max(...good.map(({ longTaskMs }) => longTaskMs));
		const longTaskCpu = Math.max(...good.map(({ longTaskCpuMs }) => longTaskCpuMs));
		return [copies, median(done), Math.max(...done), firstByte, longTask, longTaskCpu];
	},

	targets: ([copies, seconds, , , longTask, longTaskCpu], others) => [
		{ what: "copies", value: copies, most: 1.15 },
		{ what: "longest task of the main thread while bytes come, ms", value: longTask, most: 50 },
		{ what: "the same, processor time of the task, ms", value: longTaskCpu, most: 50 },
		...(others.plain ? [{ what: "median completion / plain HTTP's", value: seconds / others.plain[1], most: 1 }] : []),
		...(others.webtorrent
			? [{ what: "median completion / webtorrent's", value: seconds / others.webtorrent[1], most: 1 }]
			: []),
	],
};
