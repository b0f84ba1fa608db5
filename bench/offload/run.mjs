// One run: a crowd of visitors with one contender, from the first one's arrival to the last one's end.
import { readFileSync } from "node:fs";
import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { metered } from "../harness/cpu.mjs";
import { load } from "../harness/report.mjs";
import { contenders, earlierPage } from "./contenders.mjs";

/** How long the tracker may need to see that the visitors of the last run have left, milliseconds. */
const SETTLE_MS = 1000;

/** Jiffies that all processors were busy, and in all; null where there is no /proc. */
function processors() {
	try {
		const fields = readFileSync("/proc/stat", "utf8").split("\n", 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
		const all = fields.reduce((sum, value) => sum + value, 0);
		return { all, busy: all - fields[3] - fields[4] };
	} catch {
		return null;
	}
}

function busyShare(before, after) {
	return before && after ? (after.busy - before.busy) / Math.max(1, after.all - before.all) : undefined;
}

/**
 * Runs one contender: `count` visitors arrive `gapMs` apart at a page made by `html`, which may take `limitMs`.
 *
 * @returns outcomes of the visitors, with the rows of what the origin served
 */
export async function runCrowd({ world, contender, count, gapMs, limitMs, path, html }) {
	const { crowd, site, origin, scope } = world;
	const { head, installs = false } = contenders[contender];
	await crowd.grow(count);
	return await scope.within(async (run) => {
		const visitors = [];
		for (let n = 0; n < count; n++) {
			const visitor = await crowd.visitor(n, run);
			await visitor.visitBefore(site.page(`/earlier/${contender}`, n, earlierPage(head(site))), installs);
			visitors.push(visitor);
		}
		await wait(SETTLE_MS);
		await origin.take();
		const before = processors();
		const startMs = performance.now();
		const { outcomes, cpuSeconds } = await metered([process.pid], async () => ({
			outcomes: await Promise.all(
				visitors.map(async (visitor) => {
					await wait(visitor.n * gapMs);
					const url = site.page(`${path}/${contender}`, visitor.n, html(head(site)));
					return { arrivedMs: visitor.n * gapMs, ...checked(await visitor.visit(url, limitMs), site) };
				}),
			),
		}));
		const seconds = (performance.now() - startMs) / 1000;
		const own = cpuSeconds === undefined ? undefined : cpuSeconds / seconds / os.cpus().length;
		const machine = { busy: busyShare(before, processors()), own, load: load() };
		return { contender, count, outcomes, rows: await origin.take(), machine };
	});
}

/** What was delivered must be what the origin has, byte for byte. */
function checked(outcome, site) {
	if (outcome.error) return outcome;
	const wrong = outcome.delivered.filter(([url, hash]) => site.hashes.get(url) !== hash);
	if (wrong.length > 0) return { ...outcome, error: `wrong bytes: ${wrong.map(([url]) => url).join(" ")}` };
	return outcome;
}

/** Bytes of bodies that the origin sent, by asker (`browser`, `indexer`, `edge`) or in all. */
export function served(rows, asker) {
	return rows.filter((row) => !asker || row.asker === asker).reduce((sum, { bytes }) => sum + bytes, 0);
}
