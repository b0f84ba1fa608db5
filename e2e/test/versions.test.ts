import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type BigFile, bigFile, keyStream } from "../fixture/content.ts";
import { sha256 } from "../fixture/hash.ts";
import { Stack } from "../fixture/stack.ts";
import { serveThrottled } from "../fixture/throttle.ts";
import { type Download, Visitor } from "../fixture/visitor.ts";

const SIZE = 24 << 20;
const ORIGIN_RATE = 12 << 20;

let old: BigFile;
let fresh: Buffer;
let stack: Stack;
beforeAll(async () => {
	old = await bigFile(SIZE, 5);
	fresh = keyStream(SIZE + 12_345, 6);
});
afterAll(() => rm(old.folder, { recursive: true }));
afterEach(() => stack?.close());

/** Whose origin serves `old` until `current.bytes` is replaced. */
async function startStack(): Promise<{ url: string; current: { bytes: Buffer } }> {
	const current = { bytes: old.bytes };
	stack = await Stack.start({
		content: old.folder,
		intercept(request, response) {
			if (request.url !== `/content/${old.name}` || request.method === "OPTIONS") return false;
			serveThrottled(request, response, current.bytes, ORIGIN_RATE);
			return true;
		},
	});
	return { url: `${stack.contentUrl}/${old.name}`, current };
}

/** Starts a download and replaces the origin's file when a third of it was served. */
async function downloadAcrossChange(visitor: Visitor, url: string, change: () => void): Promise<Download> {
	const served = () => stack.origin.stats().paths[`/content/${old.name}`]?.["browser"]?.bytes ?? 0;
	const before = served();
	const download = visitor.download(url);
	while (served() - before < SIZE / 3) await new Promise((resolve) => setTimeout(resolve, 5));
	change();
	return download;
}

test("the origin changes midway and nobody else holds the old version: one version or an error, no mixture", async () => {
	const { url, current } = await startStack();
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();

	const download = await downloadAcrossChange(visitor, url, () => {
		current.bytes = fresh;
	});

	if (download.error === undefined) expect([old.sha256, sha256(fresh)]).toContain(download.sha256);
	else expect(download.error).toContain("TypeError");
	const again = await visitor.download(url);
	expect([old.sha256, sha256(fresh)]).toContain(again.sha256);
});

test("the origin changed before the download: the whole new version, which is not shared as the old", async () => {
	const { url, current } = await startStack();
	current.bytes = fresh;
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();

	const download = await visitor.download(url);

	expect(download).toEqual({ status: 200, length: fresh.length, sha256: sha256(fresh) });
	expect((await visitor.stats()).bytes.peers).toBe(0);
});

test("the origin changed and a visitor holds the old version: one of the two, whole", async () => {
	const { url, current } = await startStack();
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	expect((await first.download(url)).sha256).toBe(old.sha256);
	current.bytes = fresh;

	const second = await Visitor.arrive(stack, 2);
	await second.open();
	await second.neighbour("page");
	const download = await second.download(url);

	expect(download.error).toBeUndefined();
	expect([old.sha256, sha256(fresh)]).toContain(download.sha256);
});
