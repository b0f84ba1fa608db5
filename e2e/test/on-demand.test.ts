import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { type Stats, Visitor } from "../fixture/visitor.ts";

const SIZE = 8 << 20;
/** How long the indexer may take, milliseconds. */
const INDEXED_MS = 60_000;

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 21);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

async function indexed(url: string): Promise<void> {
	const end = Date.now() + INDEXED_MS;
	for (;;) {
		const found = await catalogEntry(stack.tracker.url, url).catch((error: unknown) => error);
		if (!(found instanceof Error)) return;
		if (Date.now() > end) throw new Error(`not indexed in ${INDEXED_MS} ms: ${found.message}\n${stack.tracker.log}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

const share = ({ bytes }: Stats) => bytes.origin / (bytes.store + bytes.peers + bytes.edges + bytes.origin);

test("what nobody published is indexed when asked for, and then shared", async () => {
	const slow = new SlowFile(file.name, file.bytes);
	stack = await Stack.start({ content: file.folder, publish: false, intercept: slow.intercept });
	const url = `${stack.contentUrl}/${file.name}`;
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	expect((await first.download(url, { own: true })).sha256).toBe(file.sha256);
	await indexed(url);
	slow.isSlow = true;

	const second = await Visitor.arrive(stack, 2);
	await second.open();
	expect((await second.download(url)).sha256).toBe(file.sha256);
	const third = await Visitor.arrive(stack, 3);
	await third.open();
	await third.neighbour("page");
	expect((await third.download(url)).sha256).toBe(file.sha256);

	expect(share(await second.stats())).toBeLessThan(0.2);
	expect(share(await third.stats())).toBeLessThan(0.1);
	const { by } = stack.origin.stats();
	const served = stack.origin.stats().paths[`/content/${file.name}`] ?? {};
	expect(served["indexer"]?.bytes).toBeLessThan(1.05 * SIZE);
	expect(served["browser"]?.bytes).toBeLessThan(1.3 * SIZE);
	expect(by["edge"]).toBeUndefined();
});

test("what the origin says is private is never indexed", async () => {
	stack = await Stack.start({
		content: file.folder,
		publish: false,
		intercept(request, response) {
			if (request.url !== "/content/account.json") return false;
			response.writeHead(200, {
				"access-control-allow-origin": "*",
				"content-type": "application/json",
				"cache-control": "private, max-age=600",
			});
			response.end('{"who":"you"}');
			return true;
		},
	});
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	const secret = `${stack.contentUrl}/account.json`;
	await visitor.download(secret, { own: true });
	await visitor.download(`${stack.contentUrl}/${file.name}`, { own: true });
	await indexed(`${stack.contentUrl}/${file.name}`);

	await expect(catalogEntry(stack.tracker.url, secret)).rejects.toThrow("no entry");
});
