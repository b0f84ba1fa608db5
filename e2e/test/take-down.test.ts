import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { trackerCommand } from "../../demo-site/stack.mjs";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { operate } from "../fixture/tracker-api.ts";
import { Visitor } from "../fixture/visitor.ts";

const PIECE = 262_144;
const SIZE = 12 * PIECE;
const PATIENCE_MS = 60_000;
/** Within this time of the answer a take-down is promised to be everywhere, milliseconds. */
const PROMISED_MS = 10_000;
/** So slow that something is always being sent, bytes per second. */
const EDGE_RATE = "128 KiB";

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 41);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

/** Pieces of a content that a visitor's browser keeps for the site. */
const kept = (visitor: Visitor, content: string): Promise<number> =>
	visitor.page.evaluate(
		(id) =>
			new Promise<number>((resolve, reject) => {
				const opening = indexedDB.open("rivulet");
				opening.onerror = () => reject(opening.error);
				opening.onsuccess = () => {
					const database = opening.result;
					const range = IDBKeyRange.bound([id], [id, []]);
					const counting = database.transaction("pieces").objectStore("pieces").count(range);
					counting.onerror = () => reject(counting.error);
					counting.onsuccess = () => {
						resolve(counting.result);
						database.close();
					};
				};
			}),
		content,
	);

test("a take-down is with every edge and every page within ten seconds", { timeout: 300_000 }, async () => {
	stack = await Stack.start({ content: file.folder });
	const url = `${stack.contentUrl}/${file.name}`;
	const { content } = await catalogEntry(stack.tracker.url, url);
	const holders: (() => Promise<boolean>)[] = [];
	for (const name of ["one", "two"]) {
		const edge = await stack.addEdge({ name });
		const piece = () => fetch(`${edge.url}/pieces/${content}/0?url=${encodeURIComponent(url)}`);
		const onDisk = () => readFile(join(stack.folder, name, "pieces", "data"));
		holders.push(async () => (await piece()).ok || (await onDisk()).includes(file.bytes.subarray(0, 4096)));
	}
	for (const n of [1, 2]) {
		const visitor = await Visitor.arrive(stack, n);
		await visitor.open();
		expect((await visitor.download(url)).sha256).toBe(file.sha256);
		holders.push(async () => (await kept(visitor, content)) > 0);
	}
	for (const holds of holders) await expect.poll(holds, { timeout: PATIENCE_MS }).toBe(true);

	await operate(stack, "POST", `/sites/${SITE}/blocks`, { url, reason: "infringes", reference: "case 7" });
	const answered = performance.now();
	const times = await Promise.all(
		holders.map(async (holds) => {
			await expect.poll(holds, { timeout: PATIENCE_MS }).toBe(false);
			return Math.round(performance.now() - answered);
		}),
	);

	console.info(`taken down on two edges and two pages after ${times.join(", ")} ms`);
	expect(Math.max(...times)).toBeLessThan(PROMISED_MS);
});

test("what the operator takes down is broken off, deleted, refused and not passed on, until it is given back", {
	timeout: 300_000,
}, async () => {
	stack = await Stack.start({ content: file.folder });
	const url = `${stack.contentUrl}/${file.name}`;
	const { content } = await catalogEntry(stack.tracker.url, url);
	let edge = await stack.addEdge({ name: "edge", args: ["--upload-rate", EDGE_RATE] });
	const order = (...what: string[]) => trackerCommand(...what, "--data", join(stack.folder, "tracker"), "--site", SITE);
	const pieceStatus = async (index: number): Promise<number> => {
		try {
			const response = await fetch(`${edge.url}/pieces/${content}/${index}?url=${encodeURIComponent(url)}`);
			await response.arrayBuffer();
			return response.status;
		} catch {
			return 0; // broken off
		}
	};
	const isOnDisk = async () => (await readFile(join(stack.folder, "edge", "pieces", "data"))).includes(firstBytes);
	const firstBytes = file.bytes.subarray(0, 4096);
	const uploader = await Visitor.arrive(stack, 1);
	await uploader.open();
	expect((await uploader.download(url)).sha256).toBe(file.sha256);
	expect(await pieceStatus(0)).toBe(200);
	expect(await isOnDisk()).toBe(true);

	// A client of the edge and a page are in the middle of it.
	let last = 200;
	const client = (async () => {
		for (let index = 1; last === 200 || last === 503; index = (index + 1) % 12) last = await pieceStatus(index);
	})();
	const downloader = await Visitor.arrive(stack, 2);
	await downloader.open();
	await downloader.neighbour("page");
	const coming = downloader.download(url);
	const said = await order("block", url, "--reason", "infringes", "--reference", "case 7");

	expect(said).toMatch(/^demo: blocked \S+, reason: infringes, reference: case 7; told in head 1\.\d+\n$/);
	expect(stack.tracker.log).toContain(`blocked ${url}, reason: infringes, reference: case 7`);
	await client;
	expect([0, 404]).toContain(last);
	expect((await coming).sha256).toBe(file.sha256);
	await expect.poll(isOnDisk, { timeout: PATIENCE_MS }).toBe(false);
	expect(await pieceStatus(0)).toBe(404);
	expect((await fetch(`${stack.tracker.url}/sites/${SITE}/layouts/${content}`)).status).toBe(404);
	await expect(catalogEntry(stack.tracker.url, url)).rejects.toThrow("no entry");

	// Nobody has it any more: who comes now gets it of the origin alone, and so does who had it.
	const served = () => stack.origin.stats().by["browser"]?.bytes ?? 0;
	for (const visitor of [uploader, await Visitor.arrive(stack, 3)]) {
		if (visitor !== uploader) await visitor.open();
		const before = served();
		const { bytes } = await visitor.stats();
		expect((await visitor.download(url)).sha256).toBe(file.sha256);
		const after = (await visitor.stats()).bytes;
		expect([after.store - bytes.store, after.peers - bytes.peers, after.edges - bytes.edges]).toEqual([0, 0, 0]);
		expect(served() - before).toBeGreaterThanOrEqual(SIZE);
	}

	// It stays so, whoever starts anew or publishes it again.
	await expect(stack.publish(file.folder)).rejects.toThrow(/is blocked: .*unblock/);
	await edge.kill("SIGKILL");
	await stack.restartTracker();
	await expect(stack.publish(file.folder)).rejects.toThrow(/is blocked/);
	edge = await stack.addEdge({ name: "edge" });
	expect(await pieceStatus(0)).toBe(404);
	expect(await order("blocked")).toMatch(/ 2 hashes, reason: infringes, reference: case 7\n$/);

	await order("unblock", url, "--reason", "settled");
	await stack.publish(file.folder);
	await expect.poll(() => pieceStatus(0), { timeout: PATIENCE_MS }).toBe(200);
	expect(await order("blocked")).toBe("");
});
