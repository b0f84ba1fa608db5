import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { utf8 } from "../../src/protocol/bytes.ts";
import { siteId } from "../../src/protocol/decoder.ts";
import { SHARD_RETRY_SECONDS } from "../../src/protocol/entry-map.ts";
import { idOf, type ShardHash } from "../../src/protocol/ids.ts";
import { STALE_GIVING_SECONDS } from "../../src/protocol/limits.ts";
import { type CatalogStorage, type SavedCatalog, SignedCatalog } from "../../src/protocol/signed-catalog.ts";
import { type Shards, Signer, shard, wireEntry } from "./signer.ts";

const SITE = siteId("demo", "site");
const ORIGIN = "https://site.example";
const PAGE = `${ORIGIN}/a`;
const OTHER = "https://cdn.example/b";
const NOW = 1000;

class FakeStorage implements CatalogStorage {
	saved: SavedCatalog | null = null;
	readonly shards = new Map<ShardHash, Bytes>();

	/** Opens the storage where that takes long: until then only who is patient is answered. */
	opened: Promise<unknown> | null = null;

	async load(patient = false) {
		if (!this.opened) return this.saved;
		if (!patient) return null;
		await this.opened;
		return this.saved;
	}
	async save(catalog: SavedCatalog) {
		this.saved = catalog;
	}
	async shard(hash: ShardHash) {
		return this.shards.get(hash) ?? null;
	}
	async saveShard(hash: ShardHash, bytes: Bytes) {
		this.shards.set(hash, bytes);
	}
}

const root = new Signer();
const online = new Signer();
let storage: FakeStorage;
let fetched: ShardHash[];
let served: Shards;
let now: number;
let takenDown: string[][];

beforeEach(() => {
	storage = new FakeStorage();
	fetched = [];
	takenDown = [];
	now = NOW;
});

async function catalog(pinned = true): Promise<SignedCatalog> {
	return new SignedCatalog({
		site: SITE,
		key: pinned ? await root.keyId() : null,
		origin: ORIGIN,
		storage,
		nowSeconds: () => now,
		takenDown: (ids) => takenDown.push([...ids]),
		fetchShard: async (hash) => {
			fetched.push(hash);
			const bytes = served.bytes.get(hash);
			if (!bytes) throw new Error("404");
			return bytes;
		},
	});
}

async function body(
	entries: Awaited<ReturnType<typeof wireEntry>>[],
	{ sequence = 1, epoch = 1, depth = 0, index = true, signer = online, rootKey = root, ...more } = {},
) {
	served = await shard(entries, depth);
	const delegation = { site: SITE, key: online.publicKey, role: "tracker", epoch: 9, notBefore: 0, notAfter: 9000 };
	const head = {
		site: SITE,
		epoch,
		sequence,
		issuedAt: NOW,
		notAfter: NOW + 500,
		previous: null,
		depth,
		root: served.root,
	};
	return {
		rootKey: rootKey.publicKey,
		delegations: [await rootKey.sign("rivulet-delegation", delegation)],
		head: await signer.sign("rivulet-head", { ...head, ...more }),
		...(index ? { index: served.index } : {}),
	};
}

const batch = (entries: object[], more = {}) =>
	online.sign("rivulet-batch", {
		site: SITE,
		epoch: 1,
		sequence: 1,
		batch: 1,
		issuedAt: NOW,
		notAfter: NOW + 500,
		entries,
		removed: [],
		...more,
	});

describe("lookup", () => {
	test("finds an entry, fetching its shard once", async () => {
		const it = await catalog();
		const entry = await wireEntry(PAGE, utf8("one"));

		await it.applyCatalog(await body([entry]));

		expect((await it.lookup(PAGE))?.content).toBe(entry.content);
		expect((await it.lookup(PAGE))?.layout?.size).toBe(3);
		expect(await it.lookup(`${PAGE}?`)).toBeNull();
		expect(fetched).toHaveLength(1);
		expect(it.entryOf(entry.content)?.url).toBe(entry.url);
	});

	test("fetches the index and the one shard that it needs of many", async () => {
		const it = await catalog();
		const entries = await Promise.all([...Array(40).keys()].map((i) => wireEntry(`${PAGE}${i}`, utf8(`${i}`))));

		await it.applyCatalog(await body(entries, { depth: 3, index: false }));

		for (let i = 0; i < 40; i++) expect((await it.lookup(`${PAGE}${i}`))?.content).toBe(entries[i]?.content);
		expect(fetched[0]).toBe(served.root);
		expect(new Set(fetched).size).toBe(fetched.length);
	});

	test("of another origin only where CORS admits the page", async () => {
		for (const [allowed, found] of [
			[undefined, false],
			["https://elsewhere.example", false],
			["*", true],
			[ORIGIN, true],
		]) {
			storage = new FakeStorage();
			const it = await catalog();
			const headers = allowed ? { "access-control-allow-origin": allowed } : {};

			await it.applyCatalog(await body([await wireEntry(OTHER, utf8("one"), { headers })]));

			expect((await it.lookup(OTHER)) !== null, String(allowed)).toBe(found);
		}
	});

	test("is null, and asks nobody again for a while, when the shard cannot be had or is not the one named", async () => {
		const it = await catalog();
		await it.applyCatalog(await body([await wireEntry(PAGE, utf8("one"))]));
		const right = served;
		served = { ...right, bytes: new Map([...right.bytes.keys()].map((hash) => [hash, utf8("forged")])) };

		expect(await it.lookup(PAGE)).toBeNull();
		expect(await it.lookup(PAGE)).toBeNull();
		expect(fetched).toHaveLength(1);

		served = right;
		now += 10;
		expect(await it.lookup(PAGE)).not.toBeNull();
	});

	test("is null for a suspended entry until it is signed anew", async () => {
		const it = await catalog();
		const entry = await wireEntry(PAGE, utf8("one"));
		await it.applyCatalog(await body([entry]));

		await it.suspend(PAGE);
		expect(await it.lookup(PAGE)).toBeNull();
		await it.applyCatalog(await body([entry], { sequence: 2 }));
		expect(await it.lookup(PAGE)).toBeNull();

		await it.applyCatalog(await body([{ ...entry, freshUntil: 3000 }], { sequence: 3 }));
		expect(await it.lookup(PAGE)).not.toBeNull();
	});

	test("is null once the head has expired", async () => {
		const it = await catalog();
		await it.applyCatalog(await body([await wireEntry(PAGE, utf8("one"))]));

		now = NOW + 501;

		expect(await it.lookup(PAGE)).toBeNull();
	});

	test("works after a new page load without the tracker", async () => {
		const entry = await wireEntry(PAGE, utf8("one"));
		const before = await catalog();
		await before.applyCatalog(await body([]));
		await before.applyBatch(await batch([entry]));

		const after = await catalog();

		expect((await after.lookup(PAGE))?.content).toBe(entry.content);
	});
});

test("an entry is fresh until its time, and longer once the origin confirmed it", async () => {
	const it = await catalog();
	await it.applyCatalog(await body([await wireEntry(PAGE, utf8("one"), { freshUntil: NOW })]));
	const entry = await it.lookup(PAGE);
	if (!entry) throw new Error("no entry");

	expect(it.isFresh(entry)).toBe(true);
	now++;
	expect(it.isFresh(entry)).toBe(false);

	await it.refresh(PAGE);
	expect(it.isFresh(entry)).toBe(true);
	now += 61;
	expect(it.isFresh(entry)).toBe(false);
});

describe("batches", () => {
	test("add, replace and remove entries of the head held", async () => {
		const it = await catalog();
		const [one, two] = [await wireEntry(PAGE, utf8("one")), await wireEntry(`${PAGE}2`, utf8("two"))];
		await it.applyCatalog(await body([one]));

		expect(await it.applyBatch(await batch([two], { removed: [one.url] }))).toBe(true);

		expect(await it.lookup(PAGE)).toBeNull();
		expect((await it.lookup(`${PAGE}2`))?.content).toBe(two.content);
		expect(it.entryOf(two.content)?.url).toBe(two.url);
	});

	test("of a later head say that it is to be fetched", async () => {
		const it = await catalog();
		await it.applyCatalog(await body([]));

		expect(await it.applyBatch(await batch([], { sequence: 2 }))).toBe(false);
	});

	test("with a layout of another content are malformed, and change nothing", async () => {
		const it = await catalog();
		await it.applyCatalog(await body([]));
		const [one, two] = [await wireEntry(PAGE, utf8("one")), await wireEntry(PAGE, utf8("two"))];

		await expect(it.applyBatch(await batch([{ ...one, layout: two.layout }]))).rejects.toMatchObject({
			code: "malformed",
		});

		expect(await it.applyBatch(await batch([one]))).toBe(true);
	});
});

describe("what is taken down", () => {
	const [one, two] = [wireEntry(PAGE, utf8("one")), wireEntry(`${PAGE}2`, utf8("two"))];

	/** A head's body; the list that it names can be fetched if `there`. */
	async function blocking(ids: readonly string[], sequence = 1, there = true) {
		const list: Bytes = new Uint8Array(Buffer.concat(ids.map((id) => Buffer.from(id, "base64url"))));
		const blocked = await idOf<ShardHash>(list);
		const made = await body([await one, await two], { sequence, ...(ids.length && { blocked }) });
		if (there) served = { ...served, bytes: new Map(served.bytes).set(blocked, list) };
		return made;
	}

	test("is not found, by its content or its URL, and said at once", async () => {
		const it = await catalog();
		await it.applyCatalog(await blocking([(await one).content]));

		const taken = [[(await one).content]];
		await vi.waitFor(() => expect(takenDown).toEqual(taken));
		expect(await it.lookup(PAGE)).toBeNull();
		expect(await it.lookup(`${PAGE}2`)).not.toBeNull();

		await it.applyCatalog(await blocking([(await two).url], 2));

		expect(await it.lookup(PAGE)).not.toBeNull();
		expect(await it.lookup(`${PAGE}2`)).toBeNull();
		expect(takenDown.at(-1)).toEqual([(await two).url]);
	});

	test("is not found in batches either", async () => {
		const it = await catalog();
		await it.applyCatalog(await blocking([(await one).content]));

		await it.applyBatch(await batch([await wireEntry(`${PAGE}3`, utf8("one"))]));

		expect(await it.lookup(`${PAGE}3`)).toBeNull();
	});

	test("that cannot be known has nothing found, and is asked for again", async () => {
		const it = await catalog();
		const given = await blocking([(await one).content], 1, false);
		await it.applyCatalog(given);

		expect(await it.lookup(`${PAGE}2`)).toBeNull();
		await blocking([(await one).content]);
		now += 5;
		expect(await it.lookup(`${PAGE}-that-nobody-listed`)).toBeNull();

		expect(takenDown).toEqual([[(await one).content]]);
		expect(await it.lookup(`${PAGE}2`)).not.toBeNull();
		expect(await it.lookup(PAGE)).toBeNull();
	});

	test("is known after a page load without the tracker", async () => {
		const first = await catalog();
		await first.applyCatalog(await blocking([(await one).content]));
		expect(await first.lookup(PAGE)).toBeNull();
		expect(await first.lookup(`${PAGE}2`)).not.toBeNull();
		served = { ...served, bytes: new Map() };

		const it = await catalog();

		expect(await it.lookup(PAGE)).toBeNull();
		expect(await it.lookup(`${PAGE}2`)).not.toBeNull();
	});

	test("is heeded by giving nothing for long after the head has expired", async () => {
		const it = await catalog();
		await it.applyCatalog(await blocking([(await one).content]));
		await vi.waitFor(() => expect(takenDown).toHaveLength(1));

		now = NOW + 500 + STALE_GIVING_SECONDS;
		expect(it.stale).toBe(false);
		now++;
		expect(it.stale).toBe(true);

		const later = { sequence: 2, notAfter: now + 500 };
		await it.applyCatalog(await body([], later));
		expect(await it.lookup(PAGE)).toBeNull();
		expect(it.stale).toBe(false);
	});

	test("that cannot be known is asked for again, and meanwhile nothing given for long", async () => {
		const it = await catalog();
		await it.applyCatalog(await blocking([(await one).content], 1, false));

		now += STALE_GIVING_SECONDS;
		expect(it.stale).toBe(false);
		now++;
		expect(it.stale).toBe(true);

		expect(await it.lookup(`${PAGE}2`)).toBeNull();

		await blocking([(await one).content]);
		now += SHARD_RETRY_SECONDS;
		expect(it.stale).toBe(true);
		expect(await it.lookup(`${PAGE}2`)).not.toBeNull();

		expect(takenDown).toEqual([[(await one).content]]);
		expect(it.stale).toBe(false);
	});

	test("may be given back", async () => {
		const it = await catalog();
		await it.applyCatalog(await blocking([(await one).content]));
		await it.applyCatalog(await blocking([], 2));

		expect(await it.lookup(PAGE)).not.toBeNull();
		expect(takenDown.at(-1)).toEqual([]);
	});
});

describe("rollback", () => {
	test("is refused after a page load, and what was held stays", async () => {
		const entry = await wireEntry(PAGE, utf8("one"));
		await (await catalog()).applyCatalog(await body([entry], { sequence: 5 }));
		const held = served;

		const it = await catalog();
		const older = await body([], { sequence: 4 });

		await expect(it.applyCatalog(older)).rejects.toMatchObject({ code: "rollback" });
		served = held;
		expect((await it.lookup(PAGE))?.content).toBe(entry.content);
	});

	test("does not last where storage opens late: what it held is gone back to, and is there without the tracker", async () => {
		const entry = await wireEntry(PAGE, utf8("later"));
		const older = await body([await wireEntry(PAGE, utf8("older"))], { sequence: 1 });
		const later = await body([entry], { sequence: 2 });
		await (await catalog()).applyCatalog(later);
		const saved = storage.saved;
		let opens = () => {};
		storage.opened = new Promise<void>((resolve) => {
			opens = resolve;
		});
		const it = await catalog();
		await it.applyCatalog(older);
		storage.saved = saved;

		opens();
		await vi.waitFor(async () => expect((await it.lookup(PAGE))?.content).toBe(entry.content));

		await expect(it.applyCatalog(older)).rejects.toMatchObject({ code: "rollback" });
	});

	test("is not seen in the sequence of another root key, where none is pinned", async () => {
		await (await catalog(false)).applyCatalog(await body([], { sequence: 5 }));

		const it = await catalog(false);
		await it.applyCatalog(await body([], { rootKey: new Signer(), sequence: 1 }));

		expect(storage.saved?.sequence).toBe(1);
	});
});

test("another root key than the pinned one is refused", async () => {
	const it = await catalog();

	await expect(it.applyCatalog(await body([], { rootKey: new Signer() }))).rejects.toMatchObject({ code: "root-key" });
});

test("a browser without Ed25519 says that, and nothing else", async () => {
	const it = await catalog();
	const given = await body([]);
	const importKey = vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("no", "NotSupportedError"));

	await expect(it.applyCatalog(given)).rejects.toMatchObject({ code: "unsupported" });
	importKey.mockRestore();

	await it.applyCatalog(given);
});
