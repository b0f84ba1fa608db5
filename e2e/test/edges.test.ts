import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { edgeJar, Program } from "../../demo-site/stack.mjs";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { sha256 } from "../fixture/hash.ts";
import { HostileTracker } from "../fixture/hostile-tracker.ts";
import { Refusal } from "../fixture/refusal.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";
import { WireRecord } from "../fixture/wire.ts";

const PIECE = 262144;
const SIZE = 40 * PIECE;
const PATIENCE_MS = 60_000;

let file: BigFile;
let stack: Stack;
let origin: Refusal;
beforeAll(async () => {
	file = await bigFile(SIZE, 31);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

async function start(): Promise<string> {
	origin = new Refusal();
	stack = await Stack.start({ content: file.folder, intercept: origin.intercept });
	return `${stack.contentUrl}/${file.name}`;
}

async function pieces(edge: Program, url: string): Promise<Buffer> {
	const { content } = await catalogEntry(stack.tracker.url, url);
	const parts: Buffer[] = [];
	for (let index = 0; index < SIZE / PIECE; index++) {
		const response = await fetch(`${edge.url}/pieces/${content}/${index}?url=${encodeURIComponent(url)}`);
		expect({ index, status: response.status }).toEqual({ index, status: 200 });
		parts.push(Buffer.from(await response.arrayBuffer()));
	}
	return Buffer.concat(parts);
}

test("an edge fetches what it lacks from another edge", async () => {
	const url = await start();
	const warm = await stack.addEdge();
	expect(sha256(await pieces(warm, url))).toBe(file.sha256);
	origin.refusing = true;
	const cold = await stack.addEdge();

	expect(sha256(await pieces(cold, url))).toBe(file.sha256);
	expect(stack.origin.stats().by["edge"]?.bytes).toBeLessThanOrEqual(SIZE);
});

test("what an edge and its tracker say to each other is of their schemas", async () => {
	const url = await start();
	const between = new HostileTracker(stack.tracker.url);
	const wire = new WireRecord();
	between.hear = (speaker, text) => wire.messages.push({ speaker, text });
	await between.listen();
	onTestFinished(() => between.close());
	await stack.addEdge({ tracker: between.url });

	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.neighbour("edge");
	expect((await visitor.download(url)).sha256).toBe(file.sha256);

	const said = (speaker: string) => new Set(wire.messages.filter((one) => one.speaker === speaker).map(typeOf));
	const byEdge = ["hello", "announce", "signal", "http-ready"];
	await expect.poll(() => [...said("client")]).toEqual(expect.arrayContaining(byEdge));
	const byTracker = ["welcome", "signal", "http-check", "http-checked"];
	await expect.poll(() => [...said("tracker")]).toEqual(expect.arrayContaining(byTracker));
	wire.assertValid();
});

const typeOf = ({ text }: { readonly text: string }) => (JSON.parse(text) as { type: string }).type;

test("an edge serves no id outside the catalog and pulls nothing through that the site does not list", async () => {
	const url = await start();
	const edge = await stack.addEdge();
	const { content } = await catalogEntry(stack.tracker.url, url);
	const status = async (path: string) => (await fetch(`${edge.url}${path}`)).status;

	expect(await status(`/pieces/${"A".repeat(43)}/0`)).toBe(404);
	expect(await status("/pieces/not-an-id/0")).toBe(404);
	expect(await status(`/pieces/${content}/4000?url=${encodeURIComponent(url)}`)).toBe(404);
	const elsewhere = encodeURIComponent(`${stack.tracker.url}/healthz`);
	expect(await status(`/pieces/${content}/1?url=${elsewhere}`)).toBeGreaterThanOrEqual(400);
});

test("visitors are not sent to a server that an edge claims to be its gateway", async () => {
	const asked: string[] = [];
	stack = await Stack.start({
		content: file.folder,
		intercept({ url = "" }) {
			asked.push(url);
			return false;
		},
	});
	const edge = await stack.addEdge({ args: ["--http-url", stack.origin.url] });
	const complaint = `cannot reach this edge's gateway at ${stack.origin.url}/`;
	await expect.poll(() => edge.log, { timeout: PATIENCE_MS }).toContain(complaint);

	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.neighbour("edge");
	expect((await visitor.download(`${stack.contentUrl}/${file.name}`)).sha256).toBe(file.sha256);

	const below = (path: string) => asked.filter((url) => url.startsWith(path));
	expect(below("/.well-known/rivulet-edge/")).not.toEqual([]);
	expect(below("/pieces/")).toEqual([]);
});

test("without the native libraries an edge says what to install and serves over HTTP", async () => {
	const url = await start();
	// The linker finds this one first, which is no library.
	const libraries = join(stack.folder, "libraries");
	await mkdir(libraries);
	await writeFile(join(libraries, "libpulse.so.0"), "");
	const edge = new Program("edge", "env", [
		...[`LD_LIBRARY_PATH=${libraries}`, "java", "-jar", edgeJar, "run"],
		...["--tracker", stack.tracker.url, "--site", SITE, "--data", join(stack.folder, "bare"), "--http", "127.0.0.1:0"],
	]);
	stack.edges.push(edge);
	await edge.ready();

	expect(edge.log).toContain("apt-get install");
	expect(edge.log).toContain("libpulse0");
	expect(sha256(await pieces(edge, url))).toBe(file.sha256);
	origin.refusing = true;
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	expect((await visitor.download(url)).sha256).toBe(file.sha256);
	expect((await visitor.stats()).bytes.edges).toBeGreaterThan(0.9 * SIZE);
});
