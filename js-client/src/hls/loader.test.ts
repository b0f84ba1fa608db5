import { describe, expect, test, vi } from "vitest";
import {
	Answer,
	aPlayersPage,
	config,
	context,
	make,
	playing,
	policy,
	settled,
	URL_OF_SEGMENT,
} from "../../test/hls/player.ts";
import type { LoaderClass } from "./contract.ts";
import { dueMs } from "./deadline.ts";
import type { Rivulet } from "./early.ts";
import { rivuletHls } from "./loader.ts";

aPlayersPage();

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

describe("a player that plays a segment as it comes", () => {
	const progressive = { ...policy, highWaterMark: 2 };
	const handed = (told: ReturnType<typeof make>["told"]) =>
		told.onProgress.mock.calls.map(([, , data]) => [...new Uint8Array(data as ArrayBuffer)]);

	test("is handed what has come, and nothing at the end", async () => {
		const answer = new Answer();
		const { loader, told } = make({ client: () => answer });

		loader.load(context, progressive, told);
		await answer.after(10, 1);
		expect(told.onProgress).not.toHaveBeenCalled();
		await answer.after(10, 2, 3);
		expect(handed(told)).toEqual([[1, 2, 3]]);
		await answer.after(10, 4);
		await answer.end();

		expect(handed(told)).toEqual([[1, 2, 3], [4]]);
		expect(told.onSuccess.mock.calls[0]?.[0]).toMatchObject({ data: new ArrayBuffer(0) });
		expect(loader.stats).toMatchObject({ loaded: 4, total: 4 });
	});

	test("is handed playlists whole", async () => {
		const answer = new Answer();
		const { loader, told } = make({ client: () => answer });

		loader.load({ ...context, responseType: "text" }, progressive, told);
		await answer.after(10, ...Buffer.from("#EXTM3U"));
		await answer.end();

		expect(told.onSuccess.mock.calls[0]?.[0].data).toBe("#EXTM3U");
	});

	test("is told when it breaks off after a part, and hls.js's loader loads it when it asks again", async () => {
		const answer = new Answer();
		const options = { client: () => answer };
		const Made = rivuletHls(options);
		const first = make(options, config, Made);

		first.loader.load(context, progressive, first.told);
		await answer.after(10, 1, 2, 3);
		await answer.end(new TypeError("network error"));
		expect(first.base.load).not.toHaveBeenCalled();
		expect(first.told.onError).toHaveBeenCalledOnce();
		const second = make(options, config, Made);
		second.loader.load(context, progressive, second.told);

		expect(second.base.load).toHaveBeenCalledOnce();
		expect(answer.open).toHaveBeenCalledOnce();
	});

	test("is told of a timeout after a part, whether or not it is to be tried again", async () => {
		const answer = new Answer();
		const { loader, base, told } = make({ client: () => answer });

		loader.load(context, { ...progressive, loadPolicy: { ...policy.loadPolicy, timeoutRetry: {} } }, told);
		await answer.after(10, 1, 2, 3);
		await answer.after(120_000);

		expect(told.onTimeout).toHaveBeenCalledOnce();
		expect(base.load).not.toHaveBeenCalled();
	});

	test("needs the next bytes when what it was handed is played, and the rest at the transfer's pace", async () => {
		const answer = new Answer();
		answer.bytes = 1_311_310;
		const media = { ...playing(0, 0), buffered: { length: 0, start: () => 0, end: () => 0 } };
		const { loader, told } = make({ client: () => answer, media });

		loader.load({ ...context, frag: { start: 0, duration: 5 } }, progressive, told);
		expect(answer.init.dueMs?.()).toBe(0);
		await answer.give(new Uint8Array(262_262));

		// a second of film, and 1.049 MB less a piece to come after that
		expect(answer.init.dueMs?.()).toBeCloseTo(1000 + (1_049_048 - 262_144) / 1049, 0);
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

test("as hls.js's only loader it says that it needs another", () => {
	const Loaders: LoaderClass = rivuletHls();

	expect(() => new Loaders({ loader: Loaders })).toThrow(TypeError);
});
