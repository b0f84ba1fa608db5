import { randomFillSync } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Answer, aPlayersPage, context, make, policy, settled } from "../../test/hls/player.ts";

aPlayersPage();

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

	describe("a player that plays a segment as it comes", () => {
		const segment = { ...context, frag: { start: 0, duration: 3.1 } };
		/** Has played nothing yet; what it was handed is not in its buffer yet. */
		const media = { currentTime: 0, playbackRate: 1, buffered: { length: 0, start: () => 0, end: () => 0 } };
		const watch = async (answer: Answer) => {
			answer.share.mockResolvedValue(false);
			const made = make({ client: () => answer, media: () => media });
			made.loader.load(segment, { ...policy, highWaterMark: 100_000 }, made.told);
			await settled();
			return made;
		};
		const handed = (told: ReturnType<typeof make>["told"]) =>
			Buffer.concat(told.onProgress.mock.calls.map(([, , data]) => new Uint8Array(data as ArrayBuffer)));

		beforeEach(() => {
			media.currentTime = 0;
			exposed = true;
		});

		test("is given a second's worth, and more only when that is used up", async () => {
			const answer = coming();
			const { told } = await watch(answer);

			await answer.after(1000);
			expect(asked).toEqual(["bytes=0-262143"]);
			expect(Buffer.compare(handed(told), file.subarray(0, PIECE))).toBe(0);
			media.currentTime = 0.7;
			await answer.after(20);
			expect(asked).toEqual(["bytes=0-262143", "bytes=262144-524287"]);
			media.currentTime = 3;
			await answer.after(20);
			await answer.after(20);

			expect(Buffer.compare(handed(told), file)).toBe(0);
			expect(told.onSuccess).toHaveBeenCalledOnce();
		});

		test("has the rest from peers once the catalog has come, and no byte twice", async () => {
			const answer: Answer = coming();
			const { told, loader } = await watch(answer);

			await answer.after(300);
			answer.catalog = "known";
			answer.share.mockResolvedValue(true);
			await answer.after(20);
			expect(asked).toEqual(["bytes=0-262143"]);
			expect(Buffer.compare(answer.share.mock.calls[0]?.[1] ?? new Uint8Array(), file.subarray(0, PIECE))).toBe(0);
			await answer.give(file);
			await answer.end();

			expect(Buffer.compare(handed(told), file)).toBe(0);
			expect(loader.stats.loading.end - loader.stats.loading.start).toBeLessThan(100);
		});

		test("is kept waiting by nothing where a second of film is more", async () => {
			segment.frag.duration = 0.9;

			await watch(coming());

			expect(asked).toHaveLength(4);
			segment.frag.duration = 3.1;
		});

		test("is kept waiting by nothing where the page is not shown how long a segment is", async () => {
			exposed = false;

			await watch(coming());

			expect(asked).toHaveLength(4);
		});

		test("is told where the network has another version of the rest", async () => {
			const answer = coming();
			const { base, told } = await watch(answer);

			version = "Sun, 22 Nov 2026 05:00:00 GMT";
			media.currentTime = 0.7;
			await answer.after(20);

			expect(told.onError).toHaveBeenCalledOnce();
			expect(told.onSuccess).not.toHaveBeenCalled();
			expect(base.load).not.toHaveBeenCalled();
		});
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

	test("a slow network is asked for the next piece as late as costs no pause", async () => {
		const from = (bytes: number) => `bytes=${bytes}-${bytes + PIECE - 1}`;
		const askedBefore: number[] = [];
		before = (range, at) => {
			vi.advanceTimersByTime(100);
			if (range === from(0)) askedBefore[at / 65_536] = asked.length;
		};

		await start(coming());

		expect(askedBefore).toEqual([1, 1, 1, 2]);
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
