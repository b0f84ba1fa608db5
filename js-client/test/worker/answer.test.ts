import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Supplier, type SupplyWorld } from "../../src/engine/supplier.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { Entry } from "../../src/protocol/catalog.ts";
import type { Layout } from "../../src/protocol/layout.ts";
import { parseRange } from "../../src/protocol/range.ts";
import { urlHash } from "../../src/protocol/url.ts";
import { bounds, responseHead } from "../../src/transfer/response-head.ts";
import { type AnswerWorld, answer } from "../../src/worker/answer.ts";
import { answerBeginning } from "../../src/worker/beginning.ts";
import { type Order, PORT_CREDIT, type Supply } from "../../src/worker/messages.ts";
import { layoutOf } from "../protocol/signer.ts";
import { MemoryPieceStore } from "../store/memory-store.ts";

const URL_ASKED = "https://site.example/film";
const CHUNK = 10_000;

let bytes: Bytes;
let layout: Layout;
let entry: Entry;
let store: MemoryPieceStore;
let originAsked: (string | null)[];
let originBytes: Bytes;
let originRanges: boolean;
let counted: Record<"store" | "origin", number>;
let suppliers: Supplier[];
let gave: Bytes[];
let layoutOfTracker: AnswerWorld["fetchLayout"];

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	bytes = new Uint8Array(600_000).map((_, i) => i * 7 + (i >> 8) + (i >> 16) * 31);
	originBytes = bytes;
	layout = await layoutOf(bytes);
	store = new MemoryPieceStore();
	originAsked = [];
	originRanges = true;
	counted = { store: 0, origin: 0 };
	suppliers = [];
	gave = [];
	layoutOfTracker = async () => layout.bytes;
	entry = {
		url: await urlHash(URL_ASKED),
		content: layout.contentId,
		size: bytes.length,
		layout,
		headers: { "content-type": "video/mp4" },
		freshUntil: 1000,
		ranges: true,
	};
});

afterEach(() => {
	for (const supplier of suppliers) supplier.worker(undefined);
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const world = (): AnswerWorld => ({
	store,
	nowSeconds: () => 1000,
	fetchLayout: (content) => layoutOfTracker(content),
	gave: (_, whole) => void gave.push(whole),
	count: (from, n) => {
		counted[from] += n;
	},
	fetch: async (_, init) => {
		const range = new Headers(init?.headers).get("range");
		originAsked.push(range);
		const asked = parseRange(originRanges ? range : null, originBytes.length);
		const { begin, end } = bounds(asked, originBytes.length);
		const body = new Blob([originBytes.subarray(begin, end)]).stream();
		return new Response(body, { status: asked.type === "part" ? 206 : 200 });
	},
});

/** How a page's answer to the next request goes. */
interface Behaviour {
	/** Serves so many bytes, and then: */
	readonly upTo?: number;
	readonly end?: "fail" | "leave";
	readonly answers?: "none" | "nothing" | "as is";
	readonly onRange?: (range: string | null) => void;
	readonly onAbort?: () => void;
}

/** The engine of a page, as far as it answers. @returns the service worker's end of its port, and what ends it */
function page(behaviour: Behaviour = {}): { port: MessagePort; leave: () => void; told: Order[] } {
	const told: Order[] = [];
	const { upTo = Number.POSITIVE_INFINITY } = behaviour;
	const { port1, port2 } = new MessageChannel();
	const supplier: Supplier = new Supplier({
		missing: (url) => told.push({ type: "missing", url }),
		kept: (url) => told.push({ type: "kept", url }),
		count: (from, n) => told.push({ type: "count", from, bytes: n }),
		admitted: () => null,
		knows: async () => false,
		intercepted: () => told.push({ type: "ready" }),
		alive: () => {},
		ended: () => {},
		failed: () => {},
		catalog: {
			lookup: () =>
				behaviour.answers === "nothing"
					? new Promise(() => {})
					: Promise.resolve(behaviour.answers === "none" ? null : entry),
		},
		responder: {
			async serve({ range, signal }) {
				behaviour.onRange?.(range);
				signal.addEventListener("abort", () => behaviour.onAbort?.());
				const wanted = parseRange(range, bytes.length);
				const { begin, end } = wanted.type === "unsatisfiable" ? { begin: 0, end: 0 } : bounds(wanted, bytes.length);
				let at = begin;
				const body = new ReadableStream<Uint8Array>(
					{
						async pull(controller) {
							if (at >= Math.min(end, upTo)) {
								if (at >= end) return controller.close();
								if (behaviour.end === "leave") supplier.worker(undefined);
								if (behaviour.end === "fail") throw new TypeError("nobody has it");
								return new Promise(() => {});
							}
							controller.enqueue(bytes.slice(at, Math.min(at + CHUNK, end, upTo)));
							at = Math.min(at + CHUNK, end, upTo);
						},
					},
					{ highWaterMark: 0 },
				);
				const content = behaviour.answers === "as is" ? null : entry.content;
				return { ...responseHead(entry, wanted), content, body };
			},
		} satisfies SupplyWorld["responder"],
	});
	supplier.worker(port1);
	suppliers.push(supplier);
	return { port: port2, leave: () => supplier.worker(undefined), told };
}

/** A page whose main thread does nothing. */
const deafPage = (): MessagePort => new MessageChannel().port1;

/** A page behind a wire that lets through of its answers what `passes`. */
const behind = (port: MessagePort, passes: (supply: Supply) => boolean): MessagePort =>
	({
		postMessage(order: Order, [far]: MessagePort[]) {
			const { port1, port2 } = new MessageChannel();
			port2.onmessage = ({ data }: MessageEvent<Supply>) => passes(data) && far?.postMessage(data);
			if (far) far.onmessage = ({ data }) => port2.postMessage(data);
			port.postMessage(order, [port1]);
		},
	}) as MessagePort;

const ask = (pages: MessagePort[], { range = null as string | null, alone = true, continued = false } = {}) => {
	const abort = new AbortController();
	const ended = vi.fn();
	const answered = answer(
		world(),
		{ url: URL_ASKED, range, entry, pages, patienceMs: 50, continued, alone, abort },
		ended,
	);
	return { answered, abort, ended };
};

const bodyOf = async (answered: Promise<Response | null>): Promise<Bytes | null> => {
	const response = await answered;
	return response && new Uint8Array(await response.arrayBuffer());
};

/** `toEqual` takes seconds for bytes by the hundred thousand. */
const equal = (a: Bytes | null, b: Bytes): boolean => a !== null && Buffer.compare(a, b) === 0;

/** Lets the time pass that waiting for a deaf page takes. */
async function passing<T>(promise: Promise<T>): Promise<T> {
	let settled = false;
	const done = promise.finally(() => {
		settled = true;
	});
	while (!settled) {
		await vi.advanceTimersByTimeAsync(10);
		await new Promise((resolve) => setImmediate(resolve));
	}
	return done;
}

describe("a request", () => {
	test("is answered by its page", async () => {
		const { port } = page();
		const { answered, ended } = ask([port]);

		const response = await answered;

		expect(response?.status).toBe(200);
		expect(response?.headers.get("content-type")).toBe("video/mp4");
		expect(equal(await bodyOf(answered), bytes)).toBe(true);
		expect(ended).toHaveBeenCalled();
		expect(originAsked).toEqual([]);
	});

	test("of a range is answered with that range", async () => {
		const { port } = page();

		const { answered } = ask([port], { range: "bytes=300000-" });

		const response = await answered;
		expect(response?.status).toBe(206);
		expect(response?.headers.get("content-range")).toBe("bytes 300000-599999/600000");
		expect(equal(await bodyOf(answered), bytes.slice(300_000))).toBe(true);
	});

	test("past the end is answered with 416", async () => {
		const { port } = page();

		const { answered } = ask([port], { range: "bytes=600000-" });

		expect((await answered)?.status).toBe(416);
		expect(equal(await bodyOf(answered), new Uint8Array())).toBe(true);
	});

	test("goes to another page when its own is silent", async () => {
		const { port } = page();
		const { answered } = ask([deafPage(), port]);

		expect(equal(await passing(bodyOf(answered)), bytes)).toBe(true);
	});

	test("goes to the network when its page has no entry, whatever others have", async () => {
		const [{ port: one }, { port: two }] = [page({ answers: "none" }), page()];

		expect(await ask([one, two]).answered).toBeNull();
	});

	test("goes to the network when no page answers and the store has not everything", async () => {
		await store.write(layout.contentId, layout.pieceCount, 0, bytes.slice(0, layout.length(0)));

		expect(await passing(ask([deafPage(), page({ answers: "nothing" }).port]).answered)).toBeNull();
		expect(originAsked).toEqual([]);
	});

	test("that continues a load is answered only by a page that has served it before", async () => {
		const { port } = page();

		expect(await ask([port], { continued: true, alone: false }).answered).toBeNull();
		expect(equal(await bodyOf(ask([port]).answered), bytes)).toBe(true);
		expect(equal(await bodyOf(ask([port], { continued: true }).answered), bytes)).toBe(true);
	});
});

describe("a resource of one piece", () => {
	beforeEach(async () => {
		bytes = bytes.slice(0, 25_000);
		layout = await layoutOf(bytes);
		entry = { ...entry, content: layout.contentId, size: bytes.length, layout };
	});

	/** Lets what is verified beside the answer come to its end. */
	const turns = async () => {
		for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
	};

	test("that a page gave is kept", async () => {
		expect(equal(await bodyOf(ask([page().port]).answered), bytes)).toBe(true);
		await vi.waitUntil(() => gave.length);

		expect(gave.map((whole) => equal(whole, bytes))).toEqual([true]);
	});

	test.each(["bytes=0-24998", "bytes=1-", "bytes=25000-"])("is not kept by a part of it (%s)", async (range) => {
		await bodyOf(ask([page().port], { range }).answered);
		await turns();

		expect(gave).toEqual([]);
	});

	test("is not kept when what came is another", async () => {
		const { port } = page();
		bytes = bytes.map((byte) => byte ^ 1);

		await bodyOf(ask([port]).answered);
		await turns();

		expect(gave).toEqual([]);
	});

	test("is not kept when it broke off", async () => {
		const { answered, abort } = ask([page({ upTo: 12_345 }).port]);
		const body = bodyOf(answered);
		await turns();
		abort.abort();

		await expect(body).rejects.toThrow();
		expect(gave).toEqual([]);
	});
});

test("of a resource of several pieces the page alone keeps what it gave", async () => {
	expect(equal(await bodyOf(ask([page().port]).answered), bytes)).toBe(true);
	expect(gave).toEqual([]);
});

describe("without a page", () => {
	const fill = async () => {
		for (let i = 0; i < layout.pieceCount; i++) {
			const piece = bytes.slice(layout.offset(i), layout.offset(i) + layout.length(i));
			await store.write(layout.contentId, layout.pieceCount, i, piece);
		}
	};

	test("the store answers when it has everything", async () => {
		await fill();

		expect(equal(await bodyOf(ask([]).answered), bytes)).toBe(true);
		expect(counted).toEqual({ store: bytes.length, origin: 0 });
	});

	test("a range is answered when the store has its pieces", async () => {
		const last = layout.pieceCount - 1;
		await store.write(layout.contentId, layout.pieceCount, last, bytes.slice(layout.offset(last)));

		expect(equal(await bodyOf(ask([], { range: "bytes=-10" }).answered), bytes.slice(-10))).toBe(true);
		expect(await ask([], { range: "bytes=0-" }).answered).toBeNull();
	});

	test("of a large resource the store knows the layout, and the tracker is not waited for", async () => {
		layoutOfTracker = () => new Promise(() => {});
		const { layout: _, ...large } = entry;
		entry = large;
		expect(await ask([]).answered).toBeNull();

		await fill();
		await store.writeLayout(layout.contentId, layout.bytes);
		expect(equal(await bodyOf(ask([]).answered), bytes)).toBe(true);
	});

	test("a stale entry is not served", async () => {
		await fill();
		entry = { ...entry, freshUntil: 999 };

		expect(await ask([]).answered).toBeNull();
	});

	test("a piece that the disk has spoilt comes from the origin", async () => {
		store = new MemoryPieceStore();
		for (let i = 0; i < layout.pieceCount; i++) {
			await store.write(layout.contentId, layout.pieceCount, i, bytes.slice(0, layout.length(i)));
		}

		expect(equal(await bodyOf(ask([]).answered), bytes)).toBe(true);
		expect(originAsked).toEqual(["bytes=262144-524287", "bytes=524288-599999"]);
	});
});

describe("a page that goes in the middle", () => {
	test.each(["fail", "leave"] as const)("is replaced by another page at that byte (%s)", async (end) => {
		const ranges: (string | null)[] = [];
		const { port: one } = page({ upTo: 123_456, end });
		const { port: two } = page({ onRange: (range) => ranges.push(range) });

		expect(equal(await bodyOf(ask([one, two]).answered), bytes)).toBe(true);
		expect(ranges).toEqual(["bytes=123456-599999"]);
		expect(originAsked).toEqual([]);
	});

	test("is noticed when it just falls silent", async () => {
		let chunks = 0;
		const silenced = behind(page().port, ({ type }) => type !== "pong" && (type !== "chunk" || chunks++ < 20));

		expect(equal(await passing(bodyOf(ask([silenced]).answered)), bytes)).toBe(true);
		expect(originAsked).toEqual(["bytes=0-599999"]);
	});

	test("is not given up while it is only slow", async () => {
		let chunks = 0;
		const slow = behind(page({ upTo: 123_456 }).port, ({ type }) => type !== "chunk" || chunks++ < 20);
		const { abort, answered } = ask([slow]);
		const body = (await answered)?.arrayBuffer();

		for (let second = 0; second < 60; second++) {
			await vi.advanceTimersByTimeAsync(1000);
			for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
		}

		expect(originAsked).toEqual([]);
		abort.abort();
		await expect(body).rejects.toThrow();
	});

	test("is replaced by the store and the origin, piece by piece", async () => {
		const { port } = page({ upTo: 123_456, end: "leave" });
		await store.write(layout.contentId, layout.pieceCount, 1, bytes.slice(262_144, 524_288));

		expect(equal(await bodyOf(ask([port]).answered), bytes)).toBe(true);
		expect(originAsked).toEqual(["bytes=0-262143", "bytes=524288-599999"]);
		expect(await store.held(layout.contentId)).toEqual(new Set([0, 1, 2]));
	});

	test("is replaced by the whole of the origin where it serves no ranges", async () => {
		originRanges = false;
		const { port } = page({ upTo: 300_000, end: "leave" });

		expect(equal(await bodyOf(ask([port]).answered), bytes)).toBe(true);
	});

	test("ends the body with an error when the origin has another version by now", async () => {
		originBytes = bytes.map((byte) => byte ^ 1);
		const { port } = page({ upTo: 123_456, end: "leave" });

		await expect(bodyOf(ask([port]).answered)).rejects.toThrow();
	});

	test("ends a body that is the origin's as it comes", async () => {
		const { port } = page({ upTo: 123_456, end: "leave", answers: "as is" });

		await expect(bodyOf(ask([port]).answered)).rejects.toThrow();
		expect(originAsked).toEqual([]);
	});
});

test("a page sends no more than the reader takes", async () => {
	let sent = 0;
	const counted = behind(page().port, ({ type }) => {
		sent += type === "chunk" ? 1 : 0;
		return true;
	});
	const { answered, abort } = ask([counted]);

	await answered;
	for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));

	expect(sent).toBeGreaterThanOrEqual(PORT_CREDIT);
	expect(sent).toBeLessThanOrEqual(PORT_CREDIT + 1);
	abort.abort();
});

test("a reader that cancels ends the page's work", async () => {
	const onAbort = vi.fn();
	const { port } = page({ onAbort });
	const { answered, ended } = ask([port]);

	await (await answered)?.body?.cancel();
	await vi.waitUntil(() => onAbort.mock.calls.length);

	expect(ended).toHaveBeenCalled();
});

describe("while the page's neighbours are not there", () => {
	const PIECE = 262_144;
	/** How often the origin has been asked by when they are. */
	let overAfter: number;
	let isOver: boolean;
	/** What goes on while they are waited for. */
	let onWait: () => Promise<void>;
	let kept: number;

	const begin = (pages: MessagePort[], range: string | null = null) => {
		const abort = new AbortController();
		const question = { url: URL_ASKED, range, entry, pages: [], patienceMs: 50, continued: false, alone: true, abort };
		const meanwhile = {
			isOver: () => isOver || originAsked.length >= overAfter,
			over: onWait(),
			pages: async () => pages,
			kept: () => {
				kept++;
			},
		};
		return answerBeginning(world(), question, layout, meanwhile, () => {});
	};

	beforeEach(() => {
		overAfter = Number.POSITIVE_INFINITY;
		isOver = false;
		onWait = async () => {};
		kept = 0;
	});

	test("the origin gives the beginning, and the page the rest once they are", async () => {
		overAfter = 1;
		const ranges: (string | null)[] = [];
		const { port } = page({ onRange: (range) => ranges.push(range) });

		expect(equal(await bodyOf(begin([port])), bytes)).toBe(true);

		expect(originAsked).toEqual([`bytes=0-${PIECE - 1}`]);
		expect(ranges).toEqual([`bytes=${PIECE}-${bytes.length - 1}`]);
		expect([...(await store.held(layout.contentId))]).toEqual([0]);
		await expect.poll(() => kept).toBe(1);
	});

	test("they are waited for after the first pieces, which come one by one", async () => {
		let asked: (string | null)[] = [];
		onWait = async () => {
			const turn = () => new Promise((resolve) => setImmediate(resolve));
			// Hashes are computed in other threads, which take as long as they like.
			while ((await store.held(layout.contentId)).size < 2) await turn();
			for (let turns = 0; turns < 50; turns++) await turn();
			asked = [...originAsked];
			isOver = true;
		};
		const ranges: (string | null)[] = [];
		const { port } = page({ onRange: (range) => ranges.push(range) });

		expect(equal(await bodyOf(begin([port])), bytes)).toBe(true);

		expect(asked).toEqual([`bytes=0-${PIECE - 1}`, `bytes=${PIECE}-${2 * PIECE - 1}`]);
		expect(originAsked).toHaveLength(2);
		expect(ranges).toEqual([`bytes=${2 * PIECE}-${bytes.length - 1}`]);
	});

	test("the origin gives all where they do not come in time", async () => {
		expect(equal(await bodyOf(begin([])), bytes)).toBe(true);

		expect(originAsked.at(-1)).toBe(`bytes=${2 * PIECE}-${bytes.length - 1}`);
		expect(counted).toEqual({ store: 0, origin: bytes.length });
		await expect.poll(() => kept).toBe(1);
	});

	test("the origin gives the rest as well where the page does not", async () => {
		overAfter = 1;

		expect(equal(await passing(bodyOf(begin([deafPage()]))), bytes)).toBe(true);

		expect(originAsked).toHaveLength(2);
	});

	test("a range is answered with that range", async () => {
		const response = await begin([], "bytes=300000-399999");

		expect(response?.status).toBe(206);
		expect(response?.headers.get("content-range")).toBe(`bytes 300000-399999/${bytes.length}`);
		const body = new Uint8Array((await response?.arrayBuffer()) ?? []);
		expect(equal(body, bytes.slice(300_000, 400_000))).toBe(true);
	});

	test("a resource that is another one by now is left to the network", async () => {
		originBytes = bytes.map((byte) => byte ^ 1);

		expect(await begin([])).toBeNull();
	});
});
