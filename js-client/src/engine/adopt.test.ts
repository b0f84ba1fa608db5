import { randomFillSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { layoutOf } from "../../test/sim/visit.ts";
import { MemoryPieceStore } from "../../test/store/memory-store.ts";
import type { Entry, SiteCatalog } from "../protocol/catalog.ts";
import type { UrlHash } from "../protocol/ids.ts";
import type { Layout } from "../protocol/layout.ts";
import type { Holdings } from "../transfer/holdings.ts";
import { adopt, MAX_ADOPTED_BYTES } from "./adopt.ts";

const ORIGIN = "https://site.test";
const FILE = `${ORIGIN}/image.png`;

const content = randomFillSync(new Uint8Array(600_000));
let layout: Layout;
let store: MemoryPieceStore;
let shared: Holdings[];
let told: number[][];
let missing: string[];
let counted: number;
let requests: RequestInit[];

beforeEach(async () => {
	layout = await layoutOf(content);
	store = new MemoryPieceStore();
	shared = [];
	told = [];
	missing = [];
	counted = 0;
	requests = [];
});

interface Scene {
	readonly cached?: Uint8Array<ArrayBuffer> | null;
	readonly size?: number;
	readonly fresh?: boolean;
	readonly admits?: boolean;
	readonly entry?: boolean;
}

const look = (name: string, { cached = content, size, fresh = true, admits = true, entry = true }: Scene = {}) => {
	const known: Entry = {
		url: "" as UrlHash,
		content: layout.contentId,
		size: size ?? layout.size,
		headers: {},
		freshUntil: 0,
		ranges: true,
	};
	const catalog: Pick<SiteCatalog, "lookup" | "isFresh"> = {
		lookup: async () => (entry ? known : null),
		isFresh: () => fresh,
	};
	return adopt(
		{
			origin: ORIGIN,
			catalog: catalog as SiteCatalog,
			store,
			swarm: {
				share: (_, holdings, news) => {
					shared.push(holdings);
					told.push([...news]);
				},
			},
			admission: { admits: () => admits },
			fetch: async (_, init = {}) => {
				requests.push(init);
				if (!cached) throw new TypeError("not cached");
				return new Response(cached);
			},
			layout: async () => layout,
			missing: (url) => void missing.push(url),
			known: () => void counted++,
		},
		name,
	);
};

describe("what the page loaded before Rivulet was there", () => {
	test("is taken from the HTTP cache without the network, kept, and offered", async () => {
		await look(FILE);

		expect(requests).toEqual([{ cache: "only-if-cached", mode: "same-origin" }]);
		expect([...(await store.held(layout.contentId))]).toEqual([0, 1, 2]);
		expect(shared.map(({ complete }) => complete)).toEqual([true]);
	});

	test("counts for what it was if it has an entry, whether or not it is kept", async () => {
		await look(FILE, { cached: null });
		await look(FILE, { fresh: false });
		await look(FILE, { entry: false });
		await look(FILE, { admits: false });

		expect(counted).toBe(2);
	});

	test("is told of as far as it is new", async () => {
		await store.write(layout.contentId, 3, 1, content.slice(layout.offset(1), layout.offset(1) + layout.length(1)));

		await look(FILE);

		expect(told).toEqual([[0, 2]]);
	});

	test("is offered without being read when it is kept already", async () => {
		await look(FILE);
		requests.length = 0;

		await look(FILE);

		expect(requests).toEqual([]);
		expect(shared.length).toBe(2);
	});

	test("is offered when the service worker has kept it, wherever it comes from", async () => {
		for (let n = 0; n < 3; n++) {
			const piece = content.slice(layout.offset(n), layout.offset(n) + layout.length(n));
			await store.write(layout.contentId, 3, n, piece);
		}

		await look("https://cdn.test/image.png");

		expect(requests).toEqual([]);
		expect(shared.map(({ complete }) => complete)).toEqual([true]);
	});

	test("is offered as far as the service worker has kept it", async () => {
		await store.write(layout.contentId, 3, 1, content.slice(layout.offset(1), layout.offset(2)));

		await look("https://cdn.test/image.png");

		expect(shared.map((holdings) => [0, 1, 2].filter((piece) => holdings.has(piece)))).toEqual([[1]]);
	});

	test("of another version is neither kept nor offered", async () => {
		const changed = content.slice();
		changed[0] = (changed[0] ?? 0) ^ 1;

		await look(FILE, { cached: changed });
		await look(FILE, { cached: content.slice(1) });

		expect((await store.held(layout.contentId)).size).toBe(0);
		expect(shared).toEqual([]);
	});

	test("is left alone when it is not in the cache", async () => {
		await look(FILE, { cached: null });

		expect(shared).toEqual([]);
	});

	test.each([
		["of another origin", "https://cdn.test/image.png", {}],
		["too large", FILE, { size: MAX_ADOPTED_BYTES + 1 }],
		["no longer fresh", FILE, { fresh: false }],
		["not admitted by the site", FILE, { admits: false }],
		["no URL of the web", "data:,x", {}],
	])("is not read when it is %s", async (_, name, scene) => {
		await look(name, scene);

		expect(requests).toEqual([]);
		expect(missing).toEqual([]);
	});

	test("is told of when it has no entry, wherever it comes from", async () => {
		await look("https://cdn.test/image.png#part", { entry: false });

		expect(missing).toEqual(["https://cdn.test/image.png"]);
	});
});
