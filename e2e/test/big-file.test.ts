import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contentDir } from "../../demo-site/media.mjs";
import { sha256OfFile } from "../fixture/hash.ts";
import { Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { attributes, type BrowserName, type Stats, Visitor } from "../fixture/visitor.ts";

const FILE = "esbuild.wasm";
const MIB = 1024 * 1024;

let stack: Stack;
let file: SlowFile;
beforeEach(async () => {
	file = new SlowFile(FILE, readFileSync(join(contentDir, FILE)));
	stack = await Stack.start({ intercept: file.intercept });
});
afterEach(() => stack?.close());

const received = ({ bytes }: Stats) => bytes.store + bytes.peers + bytes.edges + bytes.origin;

/** The origin and its visitors must agree on what the origin served. */
async function expectOriginAgrees(visitors: readonly Visitor[]): Promise<void> {
	let claimed = 0;
	for (const visitor of visitors) claimed += (await visitor.stats()).bytes.origin;
	// the page's own pictures as well
	const content = Object.entries(stack.origin.stats().paths).filter(([path]) => path.startsWith("/content/"));
	const served = content.reduce((sum, [, by]) => sum + (by["browser"]?.bytes ?? 0), 0);

	expect(Math.abs(served - claimed)).toBeLessThanOrEqual(0.02 * Math.max(served, claimed));
}

describe.each<BrowserName>(["chromium", "firefox"])("in %s", (browser) => {
	test("the second visitor has the big file from the first", async () => {
		const url = `${stack.contentUrl}/${FILE}`;
		const expected = await sha256OfFile(join(contentDir, FILE));
		const first = await Visitor.arrive(stack, 1, { browser });
		await first.open();
		expect((await first.download(url)).sha256).toBe(expected);
		file.isSlow = true;

		const second = await Visitor.arrive(stack, 2, { browser });
		await second.open();
		await second.neighbour("page");
		const download = await second.download(url);

		expect(download.sha256).toBe(expected);
		const stats = await second.stats();
		expect(stats.bytes.peers / received(stats)).toBeGreaterThanOrEqual(0.9);
		expect(stats.pieces.rejected).toBe(0);
		await expectOriginAgrees([first, second]);
	});

	test("with a warm edge too, both the edge and the first visitor give their part", async () => {
		const url = `${stack.contentUrl}/${FILE}`;
		const expected = await sha256OfFile(join(contentDir, FILE));
		// neither so fast that next to nothing is left for the other to give, however fast the machine is
		await stack.addEdge({ args: ["--upload-rate", "2 MiB"] });
		const before = attributes({ uploadRate: String(4 * MIB) });
		const first = await Visitor.arrive(stack, 1, { browser, before });
		await first.open();
		await first.neighbour("edge");
		expect((await first.download(url)).sha256).toBe(expected);
		file.isSlow = true;

		const second = await Visitor.arrive(stack, 2, { browser });
		await second.open();
		await second.neighbour("edge");
		await second.neighbour("page");
		const download = await second.download(url);

		expect(download.sha256).toBe(expected);
		const stats = await second.stats();
		const all = received(stats);
		expect((stats.bytes.peers + stats.bytes.edges) / all).toBeGreaterThanOrEqual(0.9);
		expect(stats.bytes.peers / all).toBeGreaterThanOrEqual(0.1);
		expect(stats.bytes.edges / all).toBeGreaterThanOrEqual(0.1);
		await expectOriginAgrees([first, second]);
	});

	test("a cold edge pulls through and the origin sees one copy; a warm one serves alone", async () => {
		const url = `${stack.contentUrl}/${FILE}`;
		const expected = await sha256OfFile(join(contentDir, FILE));
		await stack.addEdge();
		const first = await Visitor.arrive(stack, 1, { browser });
		await first.open();
		await first.neighbour("edge");
		file.isSlow = true;
		const cold = await first.download(url);

		expect(cold.sha256).toBe(expected);
		const { by, paths } = stack.origin.stats();
		const served = Object.values(paths[`/content/${FILE}`] ?? {}).reduce((sum, { bytes }) => sum + bytes, 0);
		expect(served).toBeGreaterThanOrEqual(cold.length);
		expect(served).toBeLessThanOrEqual(1.05 * cold.length);
		expect(by["edge"]?.bytes ?? 0).toBeGreaterThan(0.9 * cold.length);

		await first.leave();
		const second = await Visitor.arrive(stack, 2, { browser });
		await second.open();
		await second.neighbour("edge");
		const warm = await second.download(url);

		expect(warm.sha256).toBe(expected);
		const stats = await second.stats();
		expect(stats.bytes.edges / received(stats)).toBeGreaterThanOrEqual(0.9);
		const overWebRtc = stats.peers.filter(({ role }) => role === "edge").reduce((sum, { down }) => sum + down, 0);
		expect(overWebRtc / received(stats)).toBeGreaterThanOrEqual(0.9);
	});
});
