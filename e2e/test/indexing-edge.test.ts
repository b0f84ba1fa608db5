import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { Visitor } from "../fixture/visitor.ts";

const PIECE = 262144;
const SIZE = 32 * PIECE;
const EDGE_TOKEN = "token-of-an-indexing-edge";

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 41);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

test("a trusted edge fetches once what nobody published, and visitors get it from there", async () => {
	const slow = new SlowFile(file.name, file.bytes);
	stack = await Stack.start({
		content: file.folder,
		publish: false,
		intercept: slow.intercept,
		settings: { tokens: [{ token: EDGE_TOKEN, role: "edge", site: SITE, index: true }] },
	});
	const url = `${stack.contentUrl}/${file.name}`;
	const edge = await stack.addEdge({ args: ["--token", EDGE_TOKEN] });
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	expect((await first.download(url, { own: true })).sha256).toBe(file.sha256);
	await expect
		.poll(
			() =>
				catalogEntry(stack.tracker.url, url).then(
					({ content }) => content,
					() => "",
				),
			{ timeout: 60_000 },
		)
		.not.toBe("");
	await first.leave();
	slow.isSlow = true;

	const second = await Visitor.arrive(stack, 2);
	await second.open();
	await second.neighbour("edge");
	expect((await second.download(url)).sha256).toBe(file.sha256);

	const { bytes } = await second.stats();
	expect(bytes.edges).toBeGreaterThan(0.8 * SIZE);
	const served = stack.origin.stats().paths[`/content/${file.name}`] ?? {};
	// The one copy, and the byte that shows whether ranges are served.
	expect(served["edge"]?.bytes).toBe(SIZE + 1);
	// One piece in 32 is checked.
	expect(served["indexer"]?.bytes).toBe(PIECE);
	expect(edge.log).toContain("indexed");
	expect(stack.tracker.log).toContain("(by edge ");
});
