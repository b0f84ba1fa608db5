// One run: a crowd of visitors with one contender, from the first one's arrival to the last one's end.
import { readFileSync } from "node:fs";
import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { metered } from "../harness/cpu.mjs";
import { load } from "../harness/report.mjs";
import { contenderPage, contenders, earlierPage } from "./contenders.mjs";

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

let runs = 0;

/** The page of a contender for a task, as a function of the link to others; each run's swarm is another where the contender names swarms. */
export async function makePage({ world, contender, kind, task, content, body }) {
	const more = await contenders[contender].task?.(world, `${kind}-${++runs}`, content);
	const { relay, site } = world;
	const between = world.between && { relay, name: world.between };
	return (link = between) => contenderPage(contender, kind, site, { ...task, ...more }, { body, link });
}

/** A visitor who has been on another page of the site before, where it installed what it installs. */
export async function knownVisitor({ crowd, site }, contender, n, run) {
	const visitor = await crowd.visitor(n, run);
	const { installs = false, worker = true } = contenders[contender];
	site.hasWorker = worker;
	await visitor.visitBefore(site.page(`/earlier/${contender}`, n, earlierPage(contender, site)), installs);
	return visitor;
}

/** Two visitors meet, so that the tracker has done everything once: others find it running, too. */
export async function warmUp({ crowds, site, scope }) {
	await crowds.usual.grow(2);
	await scope.within(async (run) => {
		const url = (n) => site.page("/warm-up", n, earlierPage("rivulet", site));
		await Promise.all([0, 1].map(async (n) => await (await crowds.usual.visitor(n, run)).meet(url(n))));
	});
}

/** Does the work, and adds the rows of what the origin served meanwhile, and how busy the machine was. */
export async function measured({ origin }, work) {
	await wait(SETTLE_MS);
	await origin.take();
	const before = processors();
	const startedAt = Date.now();
	const startMs = performance.now();
	const { cpuSeconds, ...result } = await metered([process.pid], work);
	const seconds = (performance.now() - startMs) / 1000;
	const own = cpuSeconds === undefined ? undefined : cpuSeconds / seconds / os.cpus().length;
	const machine = { busy: busyShare(before, processors()), own, load: load() };
	return { ...result, startedAt, rows: await origin.take(), machine };
}

/**
 * Runs one contender: `count` visitors arrive, `gapMs` apart or at `arrivesMs(n)`, at a page of a `kind` (contenders.mjs) for the
 * content at `task.url`, each for `limitMs` at most; visitor `n` leaves after `staysMs(n)` and has the link `linkOf(n)` to others,
 * where that is given. `content` is what contenders may have to know of it beforehand. `traced`: outcomes say how much of the
 * processor the longest task of a main thread took (main-thread.mjs).
 *
 * @returns outcomes of the visitors, with the rows of what the origin served
 */
export async function runCrowd({ world, contender, count, limitMs, kind, ...how }) {
	const { gapMs, arrivesMs = (n) => n * gapMs, staysMs, linkOf, traced, ...page } = how;
	const { crowd, site, scope } = world;
	const html = await makePage({ world, contender, kind, ...page });
	await crowd.grow(count);
	return await scope.within(async (run) => {
		const visitors = [];
		for (let n = 0; n < count; n++) visitors.push(await knownVisitor(world, contender, n, run));
		if (traced) await Promise.all(visitors.map((visitor) => visitor.trace()));
		const arrive = async (visitor) => {
			const arrivedMs = arrivesMs(visitor.n);
			await wait(arrivedMs);
			const url = site.page(`/${kind}/${contender}`, visitor.n, html(linkOf?.(visitor.n)));
			const outcome = await visitor.visit(url, { limitMs, staysMs: staysMs?.(visitor.n) });
			return { arrivedMs, ...checked(outcome, site) };
		};
		const result = await measured(world, async () => ({ outcomes: await Promise.all(visitors.map(arrive)) }));
		if (traced)
			for (const [n, visitor] of visitors.entries()) result.outcomes[n].longTaskCpuMs = await visitor.longestTaskCpu();
		return { contender, count, ...result };
	});
}

/** What was delivered must be what the origin has, byte for byte. */
export function checked(outcome, site) {
	if (outcome.error) return outcome;
	const wrong = outcome.delivered.filter(([url, hash]) => site.files.get(url)?.sha256 !== hash);
	if (wrong.length > 0) return { ...outcome, error: `wrong bytes: ${wrong.map(([url]) => url).join(" ")}` };
	return outcome;
}

/** Bytes of bodies that the origin sent, by asker (`browser`, `indexer`, `edge`) or in all. */
export function served(rows, asker) {
	return rows.filter((row) => !asker || row.asker === asker).reduce((sum, { bytes }) => sum + bytes, 0);
}
