import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { contentId } from "../../src/protocol/decoder.ts";
import type { ContentId } from "../../src/protocol/ids.ts";
import { Database } from "../../src/store/database.ts";
import { DurablePieceStore, MAX_STORE_BYTES, MEMORY_BYTES } from "../../src/store/durable-store.ts";
import { RecentPieces } from "../../src/store/recent-pieces.ts";

const BOUND = 1000;
const DAY_MS = 86_400_000;

const id = (letter: string): ContentId => contentId(`${letter.repeat(42)}A`, "test");
const A = id("a");
const B = id("b");
const C = id("c");
const bytes = (length: number, fill = 1): Bytes => new Uint8Array(length).fill(fill);

let nowMs: number;
let opened: DurablePieceStore[];

beforeEach(() => {
	vi.stubGlobal("indexedDB", new IDBFactory());
	nowMs = 1_000_000_000;
	opened = [];
});

afterEach(() => {
	for (const store of opened) store.close();
	vi.unstubAllGlobals();
});

function keep(store: DurablePieceStore): DurablePieceStore {
	opened.push(store);
	return store;
}

const durable = (bound = BOUND, gather = async () => {}) =>
	keep(new DurablePieceStore(new Database(), Promise.resolve(bound), () => nowMs, gather));

const inMemory = () => {
	vi.stubGlobal("indexedDB", undefined);
	return durable();
};

const kinds: [string, () => DurablePieceStore][] = [
	["in memory, where the browser has no storage", inMemory],
	["in IndexedDB", durable],
	["in IndexedDB, and what is recent in memory", () => Object.assign(durable(), { recent: new RecentPieces() })],
];

describe.each(kinds)("a piece store %s", (_, open) => {
	test("drops what is taken down, and keeps none of it until it is given back", async () => {
		const store = open();
		await store.write(A, 1, 0, bytes(10));
		await store.write(B, 1, 0, bytes(10));

		await store.block(new Set<string>([A]));
		await store.write(A, 2, 1, bytes(10));

		expect([await store.read(A, 0), await store.read(A, 1)]).toEqual([null, null]);
		expect(await store.read(B, 0)).toEqual(bytes(10));
		await store.block(new Set());
		expect([await store.read(A, 0), await store.read(A, 1)]).toEqual([null, null]);
		await store.write(A, 1, 0, bytes(10));
		expect(await store.read(A, 0)).toEqual(bytes(10));
	});

	test("gives back what was written, and only that", async () => {
		const store = open();

		await store.write(A, 20, 3, bytes(10, 7));
		await store.write(A, 20, 17, bytes(10, 8));

		expect(await store.read(A, 3)).toEqual(bytes(10, 7));
		expect(await store.read(A, 4)).toBeNull();
		expect(await store.read(B, 3)).toBeNull();
		expect(await store.held(A)).toEqual(new Set([3, 17]));
		expect(await store.held(B)).toEqual(new Set());
	});

	test("keeps layouts", async () => {
		const store = open();

		await store.writeLayout(A, bytes(48));

		expect(await store.layout(A)).toEqual(bytes(48));
		expect(await store.layout(B)).toBeNull();
		expect(await store.held(A)).toEqual(new Set());
	});

	test("counts a piece that is written twice once", async () => {
		const store = open();

		for (let i = 0; i < 5; i++) await store.write(A, 1, 0, bytes(400));
		await store.write(B, 1, 0, bytes(600));

		expect(await store.held(A)).toEqual(new Set([0]));
		expect(await store.held(B)).toEqual(new Set([0]));
	});
});

describe.each(kinds.slice(1))("a piece store %s", (_, open) => {
	test("drops the least recent content, whole, when it is full", async () => {
		const store = open();
		await store.write(A, 4, 0, bytes(200));
		await store.write(A, 4, 1, bytes(200));
		nowMs += DAY_MS;
		await store.write(B, 1, 0, bytes(400));
		nowMs += DAY_MS;

		await store.write(C, 1, 0, bytes(500));

		expect(await store.held(A)).toEqual(new Set());
		expect(await store.read(A, 0)).toBeNull();
		expect(await store.held(B)).toEqual(new Set([0]));
		expect(await store.held(C)).toEqual(new Set([0]));
	});
});

describe("a piece store in memory", () => {
	test("drops the least recent pieces when it is full", async () => {
		const store = inMemory();
		const part = bytes(MEMORY_BYTES / 4);
		for (let index = 0; index < 4; index++) await store.write(A, 4, index, part);
		await store.read(A, 0);

		await store.write(B, 1, 0, bytes(10));

		expect(await store.held(A)).toEqual(new Set([0, 2, 3]));
		expect(await store.held(B)).toEqual(new Set([0]));
	});
});

describe("a piece store in IndexedDB", () => {
	test("is shared: two tabs that write the same pieces at once account for them once", async () => {
		const [one, two] = [durable(), durable()];

		await Promise.all([one, two].flatMap((tab) => [0, 1, 2, 3].map((index) => tab.write(A, 4, index, bytes(200)))));
		await one.write(B, 1, 0, bytes(200));

		expect(await two.held(A)).toEqual(new Set([0, 1, 2, 3]));
		expect(await two.held(B)).toEqual(new Set([0]));
	});

	test("reads what still waits to be written", async () => {
		let write = () => {};
		const store = durable(BOUND, () => new Promise<void>((resolve) => (write = resolve)));

		const written = store.write(A, 2, 1, bytes(10));

		expect(await store.read(A, 1)).toEqual(bytes(10));
		expect(await store.held(A)).toEqual(new Set([1]));
		expect(await durable().held(A)).toEqual(new Set());
		write();
		await written;
		expect(await durable().held(A)).toEqual(new Set([1]));
	});

	test("has what a page gave while that writes it, and writes it when the page has gone before", async () => {
		const store = Object.assign(durable(), { recent: new RecentPieces() });
		const [page, other] = [durable(), durable()];
		const write = vi.spyOn(store, "write");
		let late = () => {};
		const wait = new Promise<void>((resolve) => (late = resolve));

		const backedUp = [A, B].map((content) => store.backUp(wait, content, 1, 0, bytes(10)));
		await page.write(A, 1, 0, bytes(10));

		expect(await store.read(B, 0)).toEqual(bytes(10));
		expect(await other.held(B)).toEqual(new Set());
		late();
		await Promise.all(backedUp);
		expect(await other.held(B)).toEqual(new Set([0]));
		expect(write.mock.calls.map(([content]) => content)).toEqual([B]);
	});

	test("backs up nothing that is taken down", async () => {
		const store = Object.assign(durable(), { recent: new RecentPieces() });
		await store.block(new Set<string>([A]));

		await store.backUp(Promise.resolve(), A, 1, 0, bytes(10));

		await store.block(new Set());
		expect(await store.read(A, 0)).toBeNull();
	});

	test.each([
		["in bytes", 16, 262_144],
		["in pieces", 128, 1],
	])("writes a batch that is full, %s, without waiting for more", async (_, count, length) => {
		const store = durable(2 * count * length, () => new Promise<void>(() => {}));

		await Promise.all([...Array(count).keys()].map((index) => store.write(A, count, index, bytes(length))));

		expect((await durable().held(A)).size).toBe(count);
	});

	test("writes nothing as long as more comes, but for four times the gap at most", async () => {
		const gaps: (() => void)[] = [];
		const store = durable(BOUND, () => new Promise<void>((resolve) => void gaps.push(resolve)));
		const other = durable();

		const written = [store.write(A, 9, 0, bytes(10))];
		for (const [piece, end] of [1, 2, 3, 4].entries()) {
			await vi.waitUntil(() => gaps.length === end);
			expect(await other.held(A)).toEqual(new Set());
			written.push(store.write(A, 9, piece + 1, bytes(10)));
			gaps.at(-1)?.();
		}
		await Promise.all(written);

		expect(gaps.length).toBe(4);
		expect((await other.held(A)).size).toBe(5);
	});

	test("writes what came when nothing more has come for the gap", async () => {
		let gaps = 0;
		const store = durable(BOUND, async () => void gaps++);

		await store.write(A, 1, 0, bytes(10));

		expect(gaps).toBe(1);
		expect((await durable().held(A)).size).toBe(1);
	});

	test("keeps many contents in one go, and of those what has room", async () => {
		const store = durable(BOUND);
		const big = bytes(BOUND + 1);

		await Promise.all([
			store.write(A, 1, 0, bytes(10, 1)),
			store.write(B, 1, 0, big),
			store.write(C, 2, 1, bytes(10, 3)),
		]);

		const later = durable();
		expect(await Promise.all([A, B, C].map((content) => later.held(content)))).toEqual([
			new Set([0]),
			new Set(),
			new Set([1]),
		]);
		expect(await Promise.all([later.read(A, 0), later.read(B, 0), later.read(C, 1), later.read(C, 0)])).toEqual([
			bytes(10, 1),
			null,
			bytes(10, 3),
			null,
		]);
		expect(await store.read(B, 0)).toEqual(big);
	});

	test("gives back pieces that browsers keep in files of their own", async () => {
		const piece = bytes(100_000, 5);
		await durable(MAX_STORE_BYTES).write(A, 1, 0, piece);

		const read = await durable(MAX_STORE_BYTES).read(A, 0);

		expect(read?.length === piece.length && Buffer.compare(read, piece) === 0).toBe(true);
	});

	test("is there after a page load", async () => {
		await durable().write(A, 1, 0, bytes(10));

		expect(await durable().read(A, 0)).toEqual(bytes(10));
	});

	test("keeps what several page loads used rather than what one did", async () => {
		for (let load = 0; load < 4; load++) {
			const store = durable();
			await store.write(A, 2, 0, bytes(300));
			await store.read(A, 0);
		}
		const store = durable();
		nowMs += DAY_MS;
		await store.write(B, 1, 0, bytes(300));

		await store.write(C, 1, 0, bytes(500));

		expect(await store.held(A)).toEqual(new Set([0]));
		expect(await store.held(B)).toEqual(new Set());
	});

	test("keeps in memory what alone is over the bound", async () => {
		const store = durable(100);

		await store.write(A, 1, 0, bytes(200));

		expect(await store.read(A, 0)).toEqual(bytes(200));
		expect(await durable(100).held(A)).toEqual(new Set());
	});

	test("makes room when the browser's quota is smaller than it said", async () => {
		const store = durable();
		await store.write(A, 1, 0, bytes(400));
		nowMs += DAY_MS;
		await store.write(B, 1, 0, bytes(300));
		const put = IDBObjectStore.prototype.put;
		let refusals = 1;
		const full = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
			this: IDBObjectStore,
			...given
		) {
			if (this.name === "pieces" && refusals-- > 0) throw new DOMException("full", "QuotaExceededError");
			return put.apply(this, given);
		});

		await store.write(C, 1, 0, bytes(100));
		full.mockRestore();

		const other = durable();
		expect(await other.held(A)).toEqual(new Set());
		expect(await other.held(C)).toEqual(new Set([0]));
	});

	test("is bounded by a part of the browser's quota, and by a bound of its own", async () => {
		vi.stubGlobal("navigator", { storage: { estimate: async () => ({ quota: 20 * BOUND }) } });
		const small = keep(new DurablePieceStore(new Database()));
		await small.write(A, 2, 0, bytes(BOUND));
		await small.write(A, 2, 1, bytes(1));
		expect(await durable().held(A)).toEqual(new Set([0]));

		vi.stubGlobal("navigator", { storage: { estimate: async () => ({ quota: 1e12 }) } });
		const large = keep(new DurablePieceStore(new Database()));
		await large.write(B, 1, 0, bytes(BOUND + 1));
		expect(await durable().held(B)).toEqual(new Set([0]));
		expect(MAX_STORE_BYTES).toBe(256_000_000);
	});
});
