import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { utf8 } from "../../src/protocol/bytes.ts";
import { contentId, keyId, shardHash, siteId } from "../../src/protocol/decoder.ts";
import type { SavedCatalog } from "../../src/protocol/signed-catalog.ts";
import { DurableCatalogStorage } from "../../src/store/catalog-storage.ts";
import { Database } from "../../src/store/database.ts";

const HASH = "a".repeat(42);
const databases: Database[] = [];

const open = (site = "demo") => {
	const database = new Database();
	databases.push(database);
	return new DurableCatalogStorage(database, siteId(site, "test"));
};

const catalog = (epoch: number, sequence: number, more: Partial<SavedCatalog> = {}): SavedCatalog => ({
	key: keyId(`${HASH}A`, "test"),
	epoch,
	sequence,
	head: `${epoch}.${sequence}`,
	batch: 0,
	depth: 0,
	root: shardHash(`${HASH}A`, "test"),
	notAfter: 5,
	changes: new Map(),
	suspended: new Map([[contentId(`${HASH}E`, "test") as never, "x"]]),
	...more,
});

beforeEach(() => {
	vi.stubGlobal("indexedDB", new IDBFactory());
});

afterEach(() => {
	for (const database of databases.splice(0)) database.close();
	vi.unstubAllGlobals();
});

test("what one page load saves the next one finds, each site its own", async () => {
	await open().save(catalog(1, 1));

	expect(await open().load()).toEqual(catalog(1, 1));
	expect(await open("other").load()).toBeNull();
});

test("an earlier head or batch of a slower tab does not replace a later one", async () => {
	const storage = open();
	await storage.save(catalog(2, 1, { batch: 4 }));

	await storage.save(catalog(1, 9));
	await storage.save(catalog(2, 0));
	await storage.save(catalog(2, 1, { batch: 3 }));
	expect(await storage.load()).toMatchObject({ epoch: 2, sequence: 1, batch: 4 });

	await storage.save(catalog(2, 1, { batch: 5 }));
	expect(await storage.load()).toMatchObject({ batch: 5 });
	await storage.save(catalog(2, 2));
	expect(await storage.load()).toMatchObject({ sequence: 2, batch: 0 });
	await storage.save(catalog(1, 1, { key: keyId(`${HASH}I`, "test") }));
	expect(await storage.load()).toMatchObject({ epoch: 1 });
});

test("shards are found by their hash", async () => {
	const storage = open();
	await storage.saveShard(shardHash(`${HASH}A`, "test"), utf8("shard"));

	expect(await open("other").shard(shardHash(`${HASH}A`, "test"))).toEqual(utf8("shard"));
	expect(await storage.shard(shardHash(`${HASH}E`, "test"))).toBeNull();
});

test("a browser without storage remembers nothing, and says so without an error", async () => {
	vi.stubGlobal("indexedDB", undefined);
	const storage = open();

	await storage.save(catalog(1, 1));
	await storage.saveShard(shardHash(`${HASH}A`, "test"), utf8("shard"));

	expect(await storage.load()).toBeNull();
	expect(await storage.shard(shardHash(`${HASH}A`, "test"))).toBeNull();
});

describe("storage that opens late", () => {
	/** Lets it open. */
	let openNow: () => void;

	beforeEach(() => {
		const factory = new IDBFactory();
		const opening = new Promise<void>((resolve) => {
			openNow = resolve;
		});
		vi.stubGlobal("indexedDB", {
			open: (name: string, version: number) => {
				const late: Partial<IDBOpenDBRequest> = {};
				void opening.then(() => {
					const request = factory.open(name, version);
					const pass = (event: "onupgradeneeded" | "onsuccess") => {
						request[event] = () => {
							Object.assign(late, { result: request.result });
							late[event]?.call(request, new Event(event) as never);
						};
					};
					pass("onupgradeneeded");
					pass("onsuccess");
				});
				return late;
			},
		});
	});

	test("keeps no reader waiting, and is used from then on", async () => {
		const storage = open();

		expect(await storage.load()).toBeNull();
		expect(await storage.shard(shardHash(`${HASH}A`, "test"))).toBeNull();
		openNow();
		await storage.save(catalog(1, 1));

		expect(await storage.load()).toEqual(catalog(1, 1));
	});

	test("tells those who have time what was saved", async () => {
		const storage = open();
		const saved = storage.save(catalog(1, 1));
		const loaded = storage.load(true);

		openNow();
		await saved;

		expect([null, catalog(1, 1)]).toContainEqual(await loaded);
		expect(await storage.load(true)).toEqual(catalog(1, 1));
	});

	test("that was given up before is used", async () => {
		const storage = open();
		vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
		const saved = storage.save(catalog(1, 1));
		await vi.advanceTimersByTimeAsync(5000);
		await saved;
		vi.useRealTimers();

		openNow();
		await storage.load(true);
		await storage.save(catalog(1, 2));

		expect(await storage.load()).toMatchObject({ sequence: 2 });
	});
});
