// A page of many small assets: for a first visitor, for the tenth of a crowd, and for one who returns.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { checked, knownVisitor, makePage, measured } from "../run.mjs";

const ASSETS = 60;
/** The smallest and the largest asset, bytes; the others lie between at equal ratios. */
const LEAST = 5000;
const MOST = 200_000;
const GAP_MS = 500;
/** Longest that one visitor may take, milliseconds. */
const LIMIT_MS = 60_000;
/** How long the crowd may need to tell each other what it has before the tenth comes, milliseconds. */
const QUIET_MS = 2000;

const name = (n) => `assets/${n}.bin`;
const requests = (rows) => rows.reduce((sum, row) => sum + row.requests, 0);

export const assets = {
	about: `page of ${ASSETS} assets of 5 to 200 KB, origin 40 Mbit/s, 30 ms`,
	origin: { bitsPerSecond: 40e6, latencyMs: 30 },
	viewers: [10],
	contenders: ["plain", "rivulet"],
	columns: ["first s", "last s", "returning s", "last requests", "ret. requests"],
	repeats: 5,

	async content(folder) {
		await mkdir(join(folder, "assets"), { recursive: true });
		for (let n = 0; n < ASSETS; n++) {
			const size = Math.round(LEAST * (MOST / LEAST) ** (n / (ASSETS - 1)));
			await writeFile(join(folder, name(n)), randomBytes(size));
		}
	},

	async run(world, contender, count) {
		const { crowd, scope, site } = world;
		const urls = Array.from({ length: ASSETS }, (_, n) => site.contentUrl(name(n)));
		const html = await makePage({ world, contender, kind: "assets", task: { urls } });
		const visit = async (visitor) =>
			checked(await visitor.visit(site.page(`/assets/${contender}`, visitor.n, html()), { limitMs: LIMIT_MS }), site);
		/** A visit with the requests that it costs the origin. */
		const counted = (visitor) => measured(world, async () => ({ outcome: await visit(visitor) }));
		await crowd.grow(count);

		const first = await scope.within(async (run) => counted(await crowd.visitor(0, run)));
		return await scope.within(async (run) => {
			const visitors = [];
			for (let n = 0; n < count; n++) visitors.push(await knownVisitor(world, contender, n, run));
			const last = visitors.pop();
			const before = await Promise.all(
				visitors.map(async (visitor) => {
					await wait(visitor.n * GAP_MS);
					return await visit(visitor);
				}),
			);
			await wait(QUIET_MS);
			const tenth = await counted(last);
			await last.page.goto("about:blank");
			const returning = await counted(last);
			const outcomes = [first.outcome, tenth.outcome, returning.outcome, ...before];
			return {
				contender,
				count,
				outcomes,
				rows: [first, tenth, returning].map(({ rows }) => rows),
				machine: tenth.machine,
			};
		});
	},

	figures({ outcomes: [first, tenth, returning], rows: [, ofTenth, ofReturning] }) {
		const seconds = [first, tenth, returning].map(({ doneMs }) => doneMs / 1000);
		return [...seconds, requests(ofTenth), requests(ofReturning)];
	},

	targets: ([first, last, returning, asked], { plain }) => [
		...(plain
			? [
					{ what: "first visitor / plain page's", value: first / plain[0], most: 1.05 },
					{ what: "last visitor / plain page's", value: last / plain[1], most: 1 },
					{ what: "returning visitor / plain page's", value: returning / plain[2], most: 1 },
				]
			: []),
		{ what: "last visitor's share of requests", value: asked / ASSETS, most: 0.2 },
	],
};
