import { afterEach, beforeEach, vi } from "vitest";
import type { HlsConfig, Loader, LoaderCallbacks, LoaderStats } from "../../src/hls/contract.ts";
import type { Playing } from "../../src/hls/deadline.ts";
import type { Rivulet } from "../../src/hls/early.ts";
import { type LoaderOptions, rivuletHls } from "../../src/hls/loader.ts";
import type { FetchOptions } from "../../src/page/client.ts";

export const URL_OF_SEGMENT = "https://origin.test/segment-1.ts";
export const context = { url: URL_OF_SEGMENT, responseType: "arraybuffer", headers: {}, rangeStart: 0, rangeEnd: 0 };
export const policy = { loadPolicy: { maxTimeToFirstByteMs: 10_000, maxLoadTimeMs: 120_000, timeoutRetry: null } };

/** As hls.js's own loaders: used once, and only with fresh statistics. */
export class Base implements Loader {
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

export const config: HlsConfig = { loader: Base };

/** A client that knows the catalog; what it answers is sent as the test goes on. */
export class Answer {
	catalog: Rivulet["catalog"] = "known";
	readonly share = vi.fn(async (_url: string, _bytes: Uint8Array) => true);
	readonly on = vi.fn(() => () => {});
	init: FetchOptions = {};
	/** How long it says that it is. */
	bytes = 6;
	#controller: ReadableStreamDefaultController<Uint8Array> | null = null;
	readonly open = vi.fn(async (_: RequestInfo | URL, init: FetchOptions = {}): Promise<Response | null> => {
		this.init = init;
		const body = new ReadableStream<Uint8Array>({
			start: (controller) => {
				this.#controller = controller;
			},
		});
		const response = new Response(body, { headers: { "content-length": String(this.bytes) } });
		return Object.defineProperty(response, "url", { value: URL_OF_SEGMENT });
	});

	/** Lets what is under way be worked off, and time pass. */
	async after(ms: number, ...bytes: number[]): Promise<void> {
		await vi.advanceTimersByTimeAsync(ms);
		if (bytes.length) this.#controller?.enqueue(new Uint8Array(bytes));
		await settled();
	}

	async give(bytes: Uint8Array): Promise<void> {
		this.#controller?.enqueue(bytes);
		await this.after(10);
	}

	async end(error?: Error): Promise<void> {
		if (error) this.#controller?.error(error);
		else this.#controller?.close();
		await settled();
	}
}

/** Blobs are read on threads of their own, so turns of the event loop are counted, not promises. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const callbacks = () => ({
	onSuccess: vi.fn<LoaderCallbacks["onSuccess"]>(),
	onTimeout: vi.fn<LoaderCallbacks["onTimeout"]>(),
	onError: vi.fn<LoaderCallbacks["onError"]>(),
	onAbort: vi.fn<NonNullable<LoaderCallbacks["onAbort"]>>(),
	onProgress: vi.fn<NonNullable<LoaderCallbacks["onProgress"]>>(),
});

export function make(options: LoaderOptions, settings: HlsConfig = config, Made = rivuletHls(options)) {
	const loader = new Made(settings);
	const [base] = Base.made.slice(-1);
	if (!base) throw new Error("there is no base");
	return { loader, base, told: callbacks() };
}

export const playing = (ahead: number, currentTime = 10, playbackRate = 1): Playing => ({
	currentTime,
	playbackRate,
	buffered: { length: 1, start: () => 0, end: () => currentTime + ahead },
});

/** A page without a service worker, whose time passes as the tests say. */
export function aPlayersPage(): void {
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
}
