// A file that nobody published: the tracker, or an edge in its place, indexes it once the first visitor has asked for it.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contenders } from "../contenders.mjs";
import { median } from "../figures.mjs";
import { runCrowd, served } from "../run.mjs";
import { ON_DEMAND_FOLDER } from "../site.mjs";

const BYTES = 32 * 1024 * 1024;
const GAP_MS = 2000;
/** Visitors who come before the entry can be there; the others come this much later, milliseconds. */
const EARLY = 2;
const LATER_MS = 18_000;
/** Longest that one visitor may take, milliseconds. */
const LIMIT_MS = 120_000;
/** How long after the indexer's last byte its entry may still be on its way to visitors, milliseconds. */
const PUBLISHED_MS = 500;
/** Who of the origin's askers indexes: the edge's copy, and the tracker's samples of it, count alike. */
const INDEXERS = ["indexer", "edge"];
let runs = 0;

const arrivesMs = (n) => n * GAP_MS + (n < EARLY ? 0 : LATER_MS);

/** Copies that went to those who came when the entry was there. */
function copiesOfLater({ outcomes, rows, startedAt }) {
	const indexed = Math.max(0, ...rows.filter(({ asker }) => INDEXERS.includes(asker)).map(({ lastMs }) => lastMs));
	const isLater = ({ visitor }) => startedAt + outcomes[visitor - 1]?.arrivedMs > indexed + PUBLISHED_MS;
	if (!indexed || !outcomes.some((_, n) => isLater({ visitor: n + 1 }))) return Number.NaN;
	return served(rows.filter(isLater)) / BYTES;
}

export const onDemand = {
	about:
		"file of 32 MiB that is not published, two visitors, 20 s later six more, 2 s apart, origin 80 Mbit/s, 30 ms, threshold 1",
	origin: { bitsPerSecond: 80e6, latencyMs: 30 },
	viewers: [8],
	contenders: ["plain", "rivulet-on-demand", "rivulet-indexing-edge"],
	columns: ["copies", "indexer's", "later ones'", "first visitor s", "median s"],

	async content() {},

	async run(world, contender, count) {
		const { site } = world;
		const name = `${ON_DEMAND_FOLDER}/${++runs}.bin`;
		const folder = join(site.folder, `new-${runs}`);
		await mkdir(join(folder, ON_DEMAND_FOLDER), { recursive: true });
		await writeFile(join(folder, name), randomBytes(BYTES));
		site.add(folder);
		const task = { url: site.contentUrl(name) };
		const crowd = () => runCrowd({ world, contender, count, arrivesMs, limitMs: LIMIT_MS, kind: "file", task });
		if (!contenders[contender].indexes) return crowd();
		return world.scope.within(async (run) => {
			await site.startIndexingEdge(run);
			return crowd();
		});
	},

	figures(result) {
		const { outcomes, rows } = result;
		const seconds = outcomes.map(({ doneMs }) => doneMs / 1000);
		const copies = [
			served(rows) / BYTES,
			INDEXERS.reduce((sum, asker) => sum + served(rows, asker), 0) / BYTES,
			copiesOfLater(result),
		];
		return [...copies, seconds[0], median(seconds.filter(Number.isFinite))];
	},

	targets: ([, , later, first], { plain }) => [
		{ what: "copies of those who join after indexing", value: later, most: 0.2 },
		...(plain ? [{ what: "first visitor / plain HTTP's", value: first / plain[3], most: 1.05 }] : []),
	],
};
