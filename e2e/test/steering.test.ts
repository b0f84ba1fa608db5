import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile, keyStream } from "../fixture/content.ts";
import { sha256 } from "../fixture/hash.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { operate } from "../fixture/tracker-api.ts";
import { Visitor } from "../fixture/visitor.ts";

const SIZE = 3 * 262_144;
const PATIENCE_MS = 60_000;
/** What is purged one way or another, and what is not. */
const PURGED = ["url.bin", "film/one.bin", "film/two.bin", "key.bin"];
const KEPT = "kept.bin";

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 43);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

test("what is purged leaves edges and pages, which fetch it anew", { timeout: 300_000 }, async () => {
	const old = new Map(PURGED.concat(KEPT).map((name, i) => [name, keyStream(SIZE, 60 + i)]));
	const folder = await mkdtemp(join(tmpdir(), "rivulet-content-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	await mkdir(join(folder, "film"));
	for (const [name, bytes] of old) await writeFile(join(folder, name), bytes);
	stack = await Stack.start({ content: folder, site: { "index-threshold": 0 } });
	const urlOf = (name: string) => `${stack.contentUrl}/${name}`;
	const edge = await stack.addEdge();
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	const got = async (name: string) => (await visitor.download(urlOf(name))).sha256;
	const ids = new Map<string, string>();
	for (const [name, bytes] of old) {
		ids.set(name, (await catalogEntry(stack.tracker.url, urlOf(name))).content);
		expect(await got(name)).toBe(sha256(bytes));
	}
	const served = async (name: string) => {
		const answer = await fetch(`${edge.url}/pieces/${ids.get(name)}/0?url=${encodeURIComponent(urlOf(name))}`);
		await answer.arrayBuffer();
		return answer.status;
	};
	for (const name of old.keys()) expect(await served(name)).toBe(200);
	const changed = (name: string) => Buffer.from(old.get(name) ?? "").reverse();
	for (const name of PURGED) await writeFile(join(folder, name), changed(name));
	const purge = async (what: object) => (await operate(stack, "POST", `/sites/${SITE}/purge`, what)).json();

	expect(await purge({ url: urlOf("url.bin") })).toEqual({ removed: 1 });
	expect(await purge({ prefix: urlOf("film/") })).toEqual({ removed: 2 });
	const key = createHash("sha256").update(urlOf("key.bin")).digest("base64url");
	expect(await purge({ key })).toEqual({ removed: 1 });

	for (const name of PURGED) {
		await expect.poll(() => got(name), { timeout: PATIENCE_MS, message: name }).toBe(sha256(changed(name)));
		await expect.poll(() => served(name), { timeout: PATIENCE_MS, message: name }).toBe(404);
	}
	const { bytes } = await visitor.stats();
	expect(await got(KEPT)).toBe(sha256(old.get(KEPT) ?? Buffer.of()));
	expect((await visitor.stats()).bytes.store - bytes.store).toBe(SIZE);
	expect(await served(KEPT)).toBe(200);
	expect(visitor.errors).toEqual([]);
});

test("what an operator changes of a site reaches the pages that use it, which never lack anything", {
	timeout: 300_000,
}, async () => {
	const slow = new SlowFile(file.name, file.bytes);
	stack = await Stack.start({ content: file.folder, intercept: slow.intercept });
	const url = `${stack.contentUrl}/${file.name}`;
	// The same site, but in the database instead of the file.
	await writeFile(join(stack.folder, "tracker.yaml"), "{}");
	await stack.restartTracker();
	const site = {
		webOrigins: [stack.origin.url, `http://*.localhost:${stack.origin.port}`],
		contentOrigins: [stack.origin.url],
		include: ["/content/**"],
	};
	await operate(stack, "POST", "/sites?untried=true", { id: SITE, ...site });
	const one = await Visitor.arrive(stack, 1);
	await one.open();
	expect((await one.download(url)).sha256).toBe(file.sha256);
	slow.isSlow = true;
	const other = await Visitor.arrive(stack, 2);
	await other.open();
	await other.neighbour("page");
	expect((await other.download(url)).sha256).toBe(file.sha256);
	expect((await other.stats()).bytes.peers).toBeGreaterThan(0);

	const etag = (await operate(stack, "GET", `/sites/${SITE}`)).headers.get("etag") ?? "";
	await operate(stack, "PUT", `/sites/${SITE}?untried=true`, { ...site, mode: "edges" }, etag);

	for (const visitor of [one, other]) {
		const pages = async () => (await visitor.stats()).peers.filter(({ state }) => state === "connected");
		await expect.poll(pages, { timeout: PATIENCE_MS }).toEqual([]);
	}

	await operate(stack, "DELETE", `/sites/${SITE}`);
	expect((await one.download(`${url}?after`)).sha256).toBe(file.sha256);
	expect(one.errors).toEqual([]);
});
