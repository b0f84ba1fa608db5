import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CatalogEntry, catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { sha256 } from "../fixture/hash.ts";
import { Refusal } from "../fixture/refusal.ts";
import { Stack } from "../fixture/stack.ts";

const PIECE = 262144;
const SIZE = 320 * PIECE - 1000;
const PIECES = Math.ceil(SIZE / PIECE);
const ROUNDS = 20;
/** Pieces asked for at once. */
const WANTED = 16;
/** The n-th round kills as soon as so many of them have come: the others are being fetched and written. */
const killAfter = (round: number) => 1 + (round % 8);

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 3);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

const pieceHash = (index: number) => sha256(file.bytes.subarray(index * PIECE, (index + 1) * PIECE));

/** The piece's hash when it came whole, `null` when it did not come. */
async function piece(edge: string, entry: CatalogEntry, index: number, url = ""): Promise<string | null> {
	try {
		const query = url ? `?url=${encodeURIComponent(url)}` : "";
		const response = await fetch(`${edge}/pieces/${entry.content}/${index}${query}`);
		const body = Buffer.from(await response.arrayBuffer());
		return response.status === 200 ? sha256(body) : null;
	} catch {
		return null; // the edge died under the request, which is what the test does
	}
}

test("an edge killed during writes, again and again, serves what it completed and never a wrong byte", {
	timeout: 400_000,
}, async () => {
	const origin = new Refusal();
	stack = await Stack.start({ content: file.folder, intercept: origin.intercept });
	const url = `${stack.contentUrl}/${file.name}`;
	const entry = await catalogEntry(stack.tracker.url, url);
	const completed = new Set<number>();
	let interrupted = 0;

	let edge = await stack.addEdge({ name: "edge" });
	for (let round = 0; round < ROUNDS; round++) {
		origin.refusing = false;
		const before = completed.size;
		const wanted = Array.from({ length: PIECES }, (_, index) => index)
			.filter((index) => !completed.has(index))
			.slice(0, WANTED);
		let enough = () => {};
		const came = new Promise<void>((resolve) => {
			enough = resolve;
		});
		const answers = wanted.map(async (index) => {
			const hash = await piece(edge.url, entry, index, url);
			if (hash === null) {
				interrupted += 1;
				return;
			}
			expect(hash).toBe(pieceHash(index));
			completed.add(index);
			if (completed.size - before >= killAfter(round)) enough();
		});
		await Promise.race([came, Promise.all(answers)]);
		await edge.kill("SIGKILL");
		await Promise.all(answers);

		origin.refusing = true;
		edge = await stack.addEdge({ name: "edge" });
		for (let index = 0; index < PIECES; index++) {
			const hash = await piece(edge.url, entry, index);
			if (hash !== null) expect(hash).toBe(pieceHash(index));
			if (completed.has(index)) expect({ round, index, hash }).toEqual({ round, index, hash: pieceHash(index) });
		}
	}

	expect(completed.size).toBeGreaterThanOrEqual(ROUNDS);
	expect(interrupted).toBeGreaterThan(0);
});
