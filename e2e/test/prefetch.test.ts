import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Program } from "../../demo-site/stack.mjs";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { sha256 } from "../fixture/hash.ts";
import { Refusal } from "../fixture/refusal.ts";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

const PIECE = 262144;
const PIECES = 24;
const SIZE = PIECES * PIECE;
/** Hints come every ten seconds. */
const FILLED = { timeout: 90_000, interval: 500 };

let file: BigFile;
let stack: Stack;
let origin: Refusal;
beforeAll(async () => {
	file = await bigFile(SIZE, 47);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

async function start(): Promise<string> {
	origin = new Refusal();
	stack = await Stack.start({ content: file.folder, intercept: origin.intercept });
	return `${stack.contentUrl}/${file.name}`;
}

/** How many pieces the edge holds, which it is not asked to get. */
async function held(edge: Program, url: string): Promise<number> {
	const { content } = await catalogEntry(stack.tracker.url, url);
	const statuses = await Promise.all(
		Array.from({ length: PIECES }, async (_, index) => {
			const response = await fetch(`${edge.url}/pieces/${content}/${index}`, { method: "HEAD" });
			return response.status;
		}),
	);
	return statuses.filter((status) => status === 200).length;
}

async function bytesOf(edge: Program, url: string): Promise<Buffer> {
	const { content } = await catalogEntry(stack.tracker.url, url);
	const parts: Buffer[] = [];
	for (let index = 0; index < PIECES; index++) {
		const response = await fetch(`${edge.url}/pieces/${content}/${index}`);
		parts.push(Buffer.from(await response.arrayBuffer()));
	}
	return Buffer.concat(parts);
}

const fetchedByEdges = () => stack.origin.stats().by["edge"]?.bytes ?? 0;

test("what viewers made hot an idle edge holds soon, and the edges ask the origin for one copy at most", async () => {
	const url = await start();
	const first = await Visitor.arrive(stack, 1);
	const second = await Visitor.arrive(stack, 2);
	for (const visitor of [first, second]) {
		await visitor.open();
		expect((await visitor.download(url)).sha256).toBe(file.sha256);
	}

	const idle = await stack.addEdge({ prefetch: true });
	const unwilling = await stack.addEdge();

	await expect.poll(() => held(idle, url), FILLED).toBe(PIECES);
	expect(sha256(await bytesOf(idle, url))).toBe(file.sha256);
	expect(fetchedByEdges()).toBeLessThanOrEqual(SIZE);
	expect(await held(unwilling, url)).toBe(0);
});

test("an edge gets what it pinned though nobody asks for it, from another edge where one has it", async () => {
	const url = await start();
	const first = await stack.addEdge({ prefetch: true, args: ["--pin", "/content/**"] });
	await expect.poll(() => held(first, url), FILLED).toBe(PIECES);
	expect(fetchedByEdges()).toBeLessThanOrEqual(SIZE);
	origin.refusing = true;

	const second = await stack.addEdge({ prefetch: true, args: ["--pin", "/nothing/**", "--pin", "/content/**"] });

	await expect.poll(() => held(second, url), FILLED).toBe(PIECES);
	expect(sha256(await bytesOf(second, url))).toBe(file.sha256);
});

test("an edge fetches nothing outside of what it is there for", async () => {
	const url = await start();
	const { content } = await catalogEntry(stack.tracker.url, url);
	const edge = await stack.addEdge({ prefetch: true, args: ["--pin", "/content/**", "--only", "/elsewhere/**"] });

	const response = await fetch(`${edge.url}/pieces/${content}/0?url=${encodeURIComponent(url)}`);

	expect(response.status).toBe(404);
	expect(fetchedByEdges()).toBe(0);
});
