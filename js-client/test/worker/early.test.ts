import { beforeEach, describe, expect, test } from "vitest";
import { Supplier } from "../../src/engine/supplier.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { Layout } from "../../src/protocol/layout.ts";
import { fetchAndKeep } from "../../src/worker/fetch-and-keep.ts";
import { LANE_REQUESTS, Lane } from "../../src/worker/lane.ts";
import type { Notice, Order } from "../../src/worker/messages.ts";
import { Pages } from "../../src/worker/pages.ts";
import { layoutOf } from "../protocol/signer.ts";
import { MemoryPieceStore } from "../store/memory-store.ts";

/** Lets what was begun go on, messages between ports included. */
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("while neighbours are being connected", () => {
	let lane: Lane;
	/** Sizes of requests in the order in which they went to the origin, and of those that were let go. */
	let asked: number[];
	let released: number[];

	beforeEach(() => {
		lane = new Lane();
		asked = [];
		released = [];
	});

	const enter = async (bytes: number, atOnce = false) => {
		(await lane.enter(bytes, atOnce)) ? asked.push(bytes) : released.push(bytes);
	};

	test("the first requests go to the origin at once, as many as keep it busy", async () => {
		for (let n = 1; n <= LANE_REQUESTS + 3; n++) void enter(n);
		await settle();

		expect(asked).toEqual([1, 2, 3, 4]);
		expect(released).toEqual([]);
	});

	test("the largest follow as others end", async () => {
		for (const bytes of [1, 2, 3, 4, 5, 30, 6]) void enter(bytes);
		lane.left();
		await settle();
		lane.left();
		await settle();

		expect(asked.slice(LANE_REQUESTS)).toEqual([30, 6]);
	});

	test("what the page shows nothing without waits for nobody", async () => {
		for (const bytes of [1, 2, 3, 4, 5]) void enter(bytes);
		void enter(7, true);
		await settle();

		expect(asked).toEqual([1, 2, 3, 4, 7]);
	});

	test("all that is held is let go once they are there, and nothing is held any more", async () => {
		for (const bytes of [1, 2, 3, 4, 5, 6]) void enter(bytes);
		lane.open();
		void enter(9);
		await settle();

		expect(asked).toEqual([1, 2, 3, 4]);
		expect(released.sort()).toEqual([5, 6, 9]);
	});
});

describe("what the origin answers meanwhile", () => {
	const url = "https://site.example/image";
	let bytes: Bytes;
	let layout: Layout;
	let store: MemoryPieceStore;
	let told: string[];

	beforeEach(async () => {
		bytes = new Uint8Array(1000).map((_, n) => n * 7);
		layout = await layoutOf(bytes);
		store = new MemoryPieceStore();
		told = [];
	});

	const ask = (answer: () => Promise<Response>) =>
		fetchAndKeep(
			{ store, fetch: answer },
			url,
			{},
			layout,
			() => told.push("ended"),
			() => told.push("kept"),
		);

	test("reaches the page, and is kept when it is what the entry says", async () => {
		const response = await ask(async () => new Response(bytes));

		expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
		await expect.poll(() => told).toEqual(["ended", "kept"]);
		expect(await store.read(layout.contentId, 0)).toEqual(bytes);
	});

	test.each([
		["of another version", () => new Response(bytes.map((byte) => byte ^ 1))],
		["longer than it should be", () => new Response(new Uint8Array(1001))],
		["an error", () => new Response("gone", { status: 404 })],
	])("reaches the page, and is not kept, when it is %s", async (_, make) => {
		const response = await ask(async () => make());

		expect(await response.arrayBuffer()).toEqual(await make().arrayBuffer());
		await expect.poll(() => told).toEqual(["ended"]);
		await settle();
		expect(told).toEqual(["ended"]);
		expect((await store.held(layout.contentId)).size).toBe(0);
	});

	test("makes room for the next request also when it fails", async () => {
		await expect(ask(() => Promise.reject(new TypeError("network error")))).rejects.toThrow("network error");

		expect(told).toEqual(["ended"]);
	});
});

describe("a page that has joined the service worker", () => {
	const noClients = { matchAll: async () => [] };

	/** The engine's end, whose service worker's end goes into `Pages`. */
	function engine() {
		const heard: Order[] = [];
		const { port1, port2 } = new MessageChannel();
		const supplier = new Supplier({
			missing: () => {},
			kept: (url) => heard.push({ type: "kept", url }),
			count: () => {},
			admitted: () => null,
			knows: async () => false,
			intercepted: () => {},
			alive: () => {},
			ended: () => {},
			failed: () => {},
			catalog: { lookup: async () => null },
			responder: { serve: async () => null },
		});
		return { supplier, port1, port2, heard };
	}

	test.each(["before it joins", "after it has joined"])("says once that it has settled: %s", async (when) => {
		const { supplier, port1, port2 } = engine();
		const pages = new Pages(noClients);
		const settled: string[] = [];
		if (when === "before it joins") supplier.settle();
		supplier.worker(port1);
		pages.join("page", port2, () => settled.push("page"));
		expect(pages.isSettled(port2)).toBe(false);

		supplier.settle();
		supplier.settle();

		await expect.poll(() => settled).toEqual(["page"]);
		expect(pages.isSettled(port2)).toBe(true);
		supplier.worker(undefined);
		await expect.poll(() => pages.toAsk("page")).toEqual([]);
	});

	test("is told of what was kept before it joined", async () => {
		const { supplier, port1, port2, heard } = engine();
		const pages = new Pages(noClients);
		pages.tell("page", { type: "kept", url: "https://site.example/1" });

		supplier.worker(port1);
		pages.join("page", port2, () => {});

		await expect.poll(() => heard).toEqual([{ type: "kept", url: "https://site.example/1" }]);
		const bye: Notice = { type: "bye" };
		port1.postMessage(bye);
		supplier.worker(undefined);
	});
});
