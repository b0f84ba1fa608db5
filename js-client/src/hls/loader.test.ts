import { randomFillSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FetchOptions } from "../page/client.ts";
import type { HlsConfig, Loader, LoaderCallbacks, LoaderClass, LoaderStats } from "./contract.ts";
import { dueMs, type Playing } from "./deadline.ts";
import type { Rivulet } from "./early.ts";
import { type LoaderOptions, rivuletHls } from "./loader.ts";

const URL_OF_SEGMENT = "https://origin.test/segment-1.ts";
const context = { url: URL_OF_SEGMENT, responseType: "arraybuffer", headers: {}, rangeStart: 0, rangeEnd: 0 };
const policy = { loadPolicy: { maxTimeToFirstByteMs: 10_000, maxLoadTimeMs: 120_000, timeoutRetry: null } };

/** As hls.js's own loaders: used once, and only with fresh statistics. */
class Base implements Loader {
	static made: Base[] = [];
	readonly context = null;
	readonly stats: LoaderStats = {
		aborted: false,
		loaded: 0,
		total: 0,
		bwEstimate: 0,
		loading: { start: 0, first: 0, end: 0 },
	};
	readonly load = vi.fn(() => {
		if (this.stats.loading.start) throw new Error("Loader can only be used once.");
	});
	readonly abort = vi.fn();
	readonly destroy = vi.fn();

	constructor() {
		Base.made.push(this);
	}
}

const config: HlsConfig = { loader: Base };

/** A client that knows the catalog; what it answers is sent as the test goes on. */
class Answer {
	catalog: Rivulet["catalog"] = "known";
	readonly share = vi.fn(async (_url: string, _bytes: Uint8Array) => true);
	readonly on = vi.fn(() => () => {});
	init: FetchOptions = {};
	#controller: ReadableStreamDefaultController<Uint8Array> | null = null;
	readonly open = vi.fn(async (_: RequestInfo | URL, init: FetchOptions = {}): Promise<Response | null> => {
		this.init = init;
		const body = new ReadableStream<Uint8Array>({
			start: (controller) => {
				this.#controller = controller;
			},
		});
		const response = new Response(body, { headers: { "content-length": "6" } });
		return Object.defineProperty(response, "url", { value: URL_OF_SEGMENT });
	});

	/** Lets what is under way be worked off, and time pass. */
	async after(ms: number, ...bytes: number[]): Promise<void> {
		await vi.advanceTimersByTimeAsync(ms);
		if (bytes.length) this.#controller?.enqueue(new Uint8Array(bytes));
		await settled();
	}

	async end(error?: Error): Promise<void> {
		if (error) this.#controller?.error(error);
		else this.#controller?.close();
		await settled();
	}
}

/** Blobs are read on threads of their own, so turns of the event loop are counted, not promises. */
async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const callbacks = () => ({
	onSuccess: vi.fn<LoaderCallbacks["onSuccess"]>(),
	onTimeout: vi.fn<LoaderCallbacks["onTimeout"]>(),
	onAbort: vi.fn<NonNullable<LoaderCallbacks["onAbort"]>>(),
	onProgress: vi.fn<NonNullable<LoaderCallbacks["onProgress"]>>(),
});

function make(options: LoaderOptions, settings: HlsConfig = config) {
	const loader = new (rivuletHls(options))(settings);
	const [base] = Base.made.slice(-1);
	if (!base) throw new Error("there is no base");
	return { loader, base, told: callbacks() };
}

const playing = (ahead: number, currentTime = 10, playbackRate = 1): Playing => ({
	currentTime,
	playbackRate,
	buffered: { length: 1, start: () => 0, end: () => currentTime + ahead },
});

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 5000 });
	vi.stubGlobal("navigator", {});
	vi.advanceTimersByTime(1000); // hls.js takes 0 for a time that is not known yet
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	Base.made = [];
});

describe("what hls.js's own loader does, and nobody else", () => {
	test("all, while there is no client", () => {
		const { loader, base, told } = make({ client: () => null });

		loader.load(context, policy, told);

		expect(base.load).toHaveBeenCalledExactlyOnceWith(context, policy, told);
	});

	test("all, where the page's code sets requests up", () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer }, { ...config, xhrSetup: () => {} });

		loader.load(context, policy, told);

		expect(base.load).toHaveBeenCalledOnce();
		expect(answer.open).not.toHaveBeenCalled();
	});

	test("what Rivulet has no part in", async () => {
		const { loader, base, told } = make({ client: () => Object.assign(new Answer(), { open: async () => null }) });

		loader.load(context, policy, told);
		await settled();

		expect(base.load).toHaveBeenCalledExactlyOnceWith(context, policy, told);
		expect(base.load).toHaveReturned();
	});

	test("what broke off, from the beginning", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });

		loader.load(context, policy, told);
		await answer.after(10, 1, 2, 3);
		await answer.end(new TypeError("network error"));

		expect(base.load).toHaveBeenCalledExactlyOnceWith(context, policy, told);
		expect(base.load).toHaveReturned();
		expect(loader.stats.loaded).toBe(0);
		expect(told.onSuccess).not.toHaveBeenCalled();
	});

	test("what is no success", async () => {
		const { loader, base, told } = make({
			client: () => Object.assign(new Answer(), { open: async () => new Response("", { status: 416 }) }),
		});

		loader.load(context, policy, told);
		await settled();

		expect(base.load).toHaveBeenCalledOnce();
	});
});

describe("what Rivulet serves", () => {
	test("comes whole, with the statistics that hls.js goes by", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });
		const { stats } = loader;

		loader.load(context, policy, told);
		await answer.after(100, 1, 2, 3, 4);
		expect(stats).toMatchObject({ loaded: 4, total: 6 });
		await answer.after(200, 5, 6);
		await answer.end();

		expect(base.load).not.toHaveBeenCalled();
		const [response, told1] = told.onSuccess.mock.calls[0] ?? [];
		expect(response).toMatchObject({ url: URL_OF_SEGMENT, code: 200 });
		expect(new Uint8Array(response?.data as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6]));
		expect(told1).toBe(stats);
		expect(stats).toMatchObject({ loaded: 6, total: 6, loading: { start: 1000, first: 1100, end: 1300 } });
		expect(told.onProgress).toHaveBeenCalledOnce();
	});

	test.each([
		["text", "{}"],
		["json", {}],
	])("as %s where that is asked for", async (responseType, expected) => {
		const answer = new Answer();
		const { loader, told } = make({ client: () => answer });

		loader.load({ ...context, responseType }, policy, told);
		await answer.after(1, ...Buffer.from("{}"));
		await answer.end();

		expect(told.onSuccess.mock.calls[0]?.[0].data).toEqual(expected);
	});

	test("is asked for with the range of the playlist", async () => {
		const answer = new Answer();
		const { loader, told } = make({ client: () => answer });

		loader.load({ ...context, rangeStart: 100, rangeEnd: 300 }, policy, told);

		expect(answer.init.headers).toEqual({ range: "bytes=100-299" });
	});

	test("ends with the player's interest", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });

		loader.load(context, policy, told);
		await answer.after(10, 1);
		loader.abort();
		await answer.after(10, 2);

		expect(answer.init.signal?.aborted).toBe(true);
		expect(loader.stats.aborted).toBe(true);
		expect(told.onAbort).toHaveBeenCalledOnce();
		expect(told.onSuccess).not.toHaveBeenCalled();
		expect(base.load).not.toHaveBeenCalled();
	});

	test("is silent once destroyed", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });

		loader.load(context, policy, told);
		loader.destroy();
		await answer.after(20_000, 1);

		expect(answer.init.signal?.aborted).toBe(true);
		for (const tell of Object.values(told)) expect(tell).not.toHaveBeenCalled();
		expect(base.load).not.toHaveBeenCalled();
		expect(base.destroy).toHaveBeenCalledOnce();
	});

	test("is given up when it takes longer than hls.js grants", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });

		loader.load(context, policy, told);
		await answer.after(9_999, 1);
		await answer.after(110_000);
		expect(told.onTimeout).not.toHaveBeenCalled();
		await answer.after(1);

		expect(told.onTimeout).toHaveBeenCalledOnce();
		expect(answer.init.signal?.aborted).toBe(true);
		expect(base.load).not.toHaveBeenCalled();
	});

	test("is left to the network after a timeout that hls.js wants tried again", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });

		loader.load(context, { loadPolicy: { ...policy.loadPolicy, timeoutRetry: {} } }, told);
		await answer.after(10_000);

		expect(base.load).toHaveBeenCalledOnce();
		expect(told.onTimeout).not.toHaveBeenCalled();
	});
});

describe("deadlines", () => {
	test("an empty buffer has no time", () => {
		expect(dueMs(playing(0), 8000)).toBe(0);
		expect(dueMs(null, 8000)).toBe(0);
		expect(dueMs({ ...playing(5), buffered: { length: 0, start: () => 0, end: () => 0 } }, 8000)).toBe(0);
	});

	test("half of the buffer is, as long as it plays", () => {
		expect(dueMs(playing(6), 8000)).toBe(3000);
		expect(dueMs(playing(6, 10, 2), 8000)).toBe(1500);
		expect(dueMs(playing(60), 8000)).toBe(8000);
	});

	test("what lies behind a hole does not count", () => {
		const ranges = [
			[0, 12],
			[12.05, 14],
			[20, 40],
		];
		const at = (i: number, j: number) => ranges[i]?.[j] ?? 0;
		const buffered = { length: 3, start: (i: number) => at(i, 0), end: (i: number) => at(i, 1) };

		expect(dueMs({ ...playing(0), buffered }, 8000)).toBe(2000);
	});

	test("come nearer while a segment is under way, whether or not the player plays", async () => {
		const answer = new Answer();
		const media = { now: playing(60) };
		const { loader, told } = make({
			client: () => answer,
			media: () => media.now,
			bufferSeconds: Number.POSITIVE_INFINITY,
		});

		loader.load(context, policy, told);
		expect(answer.init.dueMs?.()).toBe(5000);
		await answer.after(2000);
		expect(answer.init.dueMs?.()).toBe(3000);
		media.now = playing(1);
		expect(answer.init.dueMs?.()).toBe(500);
		await answer.after(3000);
		expect(answer.init.dueMs?.()).toBe(0);
	});

	test("a pause that there was time for does not count as slowness", async () => {
		const answer = new Answer();
		const { loader, told } = make({
			client: () => answer,
			media: playing(60),
			bufferSeconds: Number.POSITIVE_INFINITY,
		});

		loader.load(context, policy, told);
		await answer.after(3000, 1, 2, 3);
		await answer.after(100, 4);
		await answer.end();

		const { start, first, end } = loader.stats.loading;
		expect(end - start).toBe(600);
		expect(end - first).toBe(100);
	});

	test("a pause that there was no time for does", async () => {
		const answer = new Answer();
		const { loader, told } = make({ client: () => answer, media: playing(2) });

		loader.load(context, policy, told);
		await answer.after(3000, 1, 2, 3, 4);
		await answer.end();

		expect(loader.stats.loading.end - loader.stats.loading.start).toBe(3000);
	});
});

describe("a player that has plenty", () => {
	test("needs no more until it has played some of it, and says so", async () => {
		const answer = new Answer();
		const media = { now: playing(14) };
		const { loader, told } = make({ client: () => answer, media: () => media.now });

		loader.load(context, policy, told);
		await answer.after(3000, 1, 2, 3);
		expect(answer.init.dueMs?.()).toBe(Number.POSITIVE_INFINITY);
		expect(loader.stats.loaded).toBe(0);
		media.now = playing(9.9);
		await answer.after(200);

		expect(answer.init.dueMs?.()).toBeCloseTo(4950);
		expect(loader.stats.loaded).toBe(3);
		expect(answer.open).toHaveBeenCalledOnce();
		expect(performance.now() - loader.stats.loading.start).toBeLessThan(300);
	});

	test("that stands still fetches after a while", async () => {
		const answer = new Answer();
		const { loader, told } = make({ client: () => answer, media: playing(60) });

		loader.load(context, policy, told);
		await answer.after(7900);
		expect(answer.init.dueMs?.()).toBe(Number.POSITIVE_INFINITY);
		await answer.after(300);

		expect(answer.init.dueMs?.()).toBeLessThan(8000);
		expect(told.onTimeout).not.toHaveBeenCalled();
	});

	test("does not ask the network instead while the catalog is coming", async () => {
		const network = vi.fn();
		vi.stubGlobal("fetch", network);
		const answer = Object.assign(new Answer(), { catalog: "coming" as Rivulet["catalog"] });
		const media = { now: playing(14) };
		const { loader, told } = make({ client: () => answer, media: () => media.now });

		loader.load(context, policy, told);
		await answer.after(1000);
		answer.catalog = "known";
		media.now = playing(9.9);
		await answer.after(200);

		expect(network).not.toHaveBeenCalled();
		expect(answer.open).toHaveBeenCalledOnce();
	});

	test("asks again for what had no entry when it was not needed yet", async () => {
		const answer = new Answer();
		answer.open.mockResolvedValueOnce(null);
		const media = { now: playing(14) };
		const { loader, base, told } = make({ client: () => answer, media: () => media.now });

		loader.load(context, policy, told);
		await answer.after(1000);
		media.now = playing(9.9);
		await answer.after(200, 1, 2, 3, 4, 5, 6);
		await answer.end();

		expect(answer.open).toHaveBeenCalledTimes(2);
		expect(base.load).not.toHaveBeenCalled();
		expect(told.onSuccess).toHaveBeenCalledOnce();
	});

	test("drops what hls.js wants no more", async () => {
		const answer = new Answer();
		const media = { now: playing(14) };
		const { loader, told } = make({ client: () => answer, media: () => media.now });

		loader.load(context, policy, told);
		await answer.after(1000);
		loader.abort();
		media.now = playing(1);
		await answer.after(1000);

		expect(answer.open).toHaveBeenCalledOnce();
		expect(answer.init.signal?.aborted).toBe(true);
		expect(told.onAbort).toHaveBeenCalledOnce();
	});
});

describe("while the catalog is not there yet", () => {
	const PIECE = 262_144;
	let file: Uint8Array<ArrayBuffer>;
	let asked: (string | null)[];
	let version: string | null;
	/** Whether the page may see what range it got of how much. */
	let exposed: boolean;
	/** What happens before a part of an answer is sent. */
	let before: (range: string | null, at: number) => void;

	/** An origin that knows ranges, in parts of 64 KiB. */
	const origin = async (_: string, init: RequestInit) => {
		const range = new Headers(init.headers).get("range");
		asked.push(range);
		const [, first = "0", last = ""] = /bytes=(\d+)-(\d*)/.exec(range ?? "") ?? [];
		const part = file.subarray(Number(first), last ? Number(last) + 1 : file.length);
		if (!part.length) return new Response(null, { status: 416 });
		let at = 0;
		const body = new ReadableStream<Uint8Array>(
			{
				pull: (controller) => {
					before(range, at);
					controller.enqueue(part.slice(at, at + 65_536));
					at += 65_536;
					if (at >= part.length) controller.close();
				},
			},
			{ highWaterMark: 0 },
		);
		const headers = {
			...(version && { "last-modified": version }),
			...(exposed && { "content-range": `bytes 0-1/${file.length}` }),
		};
		return new Response(body, { status: 206, headers });
	};

	const start = async (answer = new Answer()) => {
		const made = make({ client: () => answer });
		made.loader.load(context, policy, made.told);
		await settled();
		return { ...made, answer };
	};

	const coming = () => Object.assign(new Answer(), { catalog: "coming" as const });

	beforeEach(() => {
		asked = [];
		file = randomFillSync(new Uint8Array(3 * PIECE + 1000));
		version = "Sat, 21 Nov 2026 05:00:00 GMT";
		exposed = false;
		before = () => {};
		vi.stubGlobal("fetch", origin);
	});

	test("the network gives pieces, without a pause", async () => {
		const { base, told, answer } = await start(coming());

		expect(asked).toEqual(["bytes=0-262143", "bytes=262144-524287", "bytes=524288-786431", "bytes=786432-1048575"]);
		const data = told.onSuccess.mock.calls[0]?.[0].data as ArrayBuffer;
		expect(Buffer.compare(new Uint8Array(data), file)).toBe(0);
		expect(base.load).not.toHaveBeenCalled();
		expect(answer.open).not.toHaveBeenCalled();
		expect(answer.share).not.toHaveBeenCalled();
	});

	test("all of it is offered to others once the catalog is there", async () => {
		const { answer } = await start(coming());
		const [event, listener] = answer.on.mock.calls[0] as unknown as [string, () => void];

		listener();

		expect(event).toBe("ready");
		expect(Buffer.compare(answer.share.mock.calls[0]?.[1] ?? new Uint8Array(), file)).toBe(0);
	});

	test("of a larger resource the network gives the rest at once", async () => {
		file = randomFillSync(new Uint8Array(6 * PIECE));

		const { told } = await start(coming());

		expect(asked.slice(3)).toEqual(["bytes=786432-1048575", "bytes=1048576-"]);
		expect(Buffer.compare(new Uint8Array(told.onSuccess.mock.calls[0]?.[0].data as ArrayBuffer), file)).toBe(0);
	});

	test("a resource that ends with a piece is complete", async () => {
		file = randomFillSync(new Uint8Array(2 * PIECE));

		const { told } = await start(coming());

		expect(Buffer.compare(new Uint8Array(told.onSuccess.mock.calls[0]?.[0].data as ArrayBuffer), file)).toBe(0);
	});

	test("nothing is asked for beyond the end where that is known", async () => {
		file = randomFillSync(new Uint8Array(4 * PIECE - 1000));
		exposed = true;

		const { told } = await start(coming());

		expect(asked.at(-1)).toBe("bytes=786432-1048575");
		expect(asked).toHaveLength(4);
		expect(Buffer.compare(new Uint8Array(told.onSuccess.mock.calls[0]?.[0].data as ArrayBuffer), file)).toBe(0);
	});

	test("the client gives the rest once the catalog has come between two pieces", async () => {
		const answer: Answer = coming();
		before = (range) => {
			if (range === "bytes=262144-524287") answer.catalog = "known";
		};

		await start(answer);

		expect(asked).toEqual(["bytes=0-262143", "bytes=262144-524287"]);
		const shared = answer.share.mock.calls[0]?.[1] ?? new Uint8Array();
		expect(Buffer.compare(shared, file.subarray(0, 2 * PIECE))).toBe(0);
		expect(answer.open).toHaveBeenCalledOnce();
	});

	test("the client gives the rest if the catalog comes before a quarter of the first piece is there", async () => {
		const answer: Answer = coming();
		before = (_, at) => {
			if (at === 0) answer.catalog = "known";
		};

		const { loader } = await start(answer);
		expect(asked).toEqual(["bytes=0-262143"]);
		expect(Buffer.compare(answer.share.mock.calls[0]?.[1] ?? new Uint8Array(), file.subarray(0, PIECE))).toBe(0);
		expect(answer.open).toHaveBeenCalledOnce();
		await answer.after(10, 1, 2, 3);
		await answer.end();

		expect(loader.stats).toMatchObject({ loaded: 3, total: 3 });
	});

	test("the network gives the rest if what it began with is not what the catalog says", async () => {
		const answer: Answer = coming();
		answer.share.mockResolvedValue(false);
		before = () => {
			answer.catalog = "known";
		};

		const { told } = await start(answer);

		expect(answer.open).not.toHaveBeenCalled();
		const data = told.onSuccess.mock.calls[0]?.[0].data as ArrayBuffer;
		expect(Buffer.compare(new Uint8Array(data), file)).toBe(0);
	});

	test.each([
		["changes in between", "Sun, 22 Nov 2026 05:00:00 GMT"],
		["does not say which version it has", null],
	])("nothing is put together of an origin that %s", async (_, next) => {
		version = next && version;
		before = (range) => {
			if (range === "bytes=0-262143") version = next;
		};

		const { base, told } = await start(coming());

		expect(base.load).toHaveBeenCalledOnce();
		expect(told.onSuccess).not.toHaveBeenCalled();
	});

	test("an origin that does not know ranges is asked once", async () => {
		vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
			asked.push(new Headers(init.headers).get("range"));
			return new Response(file);
		});

		const { told } = await start(coming());

		expect(asked).toEqual(["bytes=0-262143"]);
		const data = told.onSuccess.mock.calls[0]?.[0].data as ArrayBuffer;
		expect(Buffer.compare(new Uint8Array(data), file)).toBe(0);
	});

	test("an error is hls.js's loader's to tell", async () => {
		vi.stubGlobal("fetch", async () => new Response(null, { status: 404 }));

		expect((await start(coming())).base.load).toHaveBeenCalledOnce();
	});

	test.each([
		["a service worker serves the page", { serviceWorker: { controller: {} } }, "coming"],
		["the tracker is not to be had", {}, "none"],
	] as const)("where %s, hls.js's loader loads", async (_, navigator, catalog) => {
		vi.stubGlobal("navigator", navigator);
		const answer = Object.assign(new Answer(), { catalog, open: async () => null });

		const { base } = await start(answer);

		expect(asked).toEqual([]);
		expect(base.load).toHaveBeenCalledOnce();
	});
});

test("as hls.js's only loader it says that it needs another", () => {
	const Loaders: LoaderClass = rivuletHls();

	expect(() => new Loaders({ loader: Loaders })).toThrow(TypeError);
});
