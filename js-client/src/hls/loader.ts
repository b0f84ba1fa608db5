import type {
	HlsConfig,
	Loader,
	LoaderCallbacks,
	LoaderClass,
	LoaderConfiguration,
	LoaderContext,
	LoaderStats,
} from "./contract.ts";
import { bufferedMs, dueMs, type Playing, type Span, streamDueMs } from "./deadline.ts";
import { joined, loadEarly, PIECE_BYTES, type Rivulet, read, shareLater, type Taker } from "./early.ts";
import { Stream } from "./stream.ts";

/** The longest a segment may be waited for, however much is buffered: a player that is paused wants to come further too. */
const MAX_WAIT_MS = 8000;
/** Part of what hls.js grants until the first byte that may be spent on waiting. */
const WAIT_SHARE = 0.5;
/** See `LoaderOptions`. */
const BUFFER_SECONDS = 10;
/** The longest a segment is not asked for although hls.js wants it, and how often it is looked whether it is time. */
const MAX_HOLD_MS = 8000;
const HOLD_STEP_MS = 200;
/** With more time than this left, a pause of more than that was made for peers, and says nothing of the network's rate. */
const EASY_MS = 1500;
const PAUSE_MS = 500;
/** So much of a segment that is played as it comes the network gives without a pause, in seconds of the film. */
const BEGUN_SECONDS = 1;
/** How long before its end the network is asked for more: for its answer to begin, and for the player to take it. */
const RESERVE_MS = 500;
/** A segment's rest is assumed to come as fast as this, as the transfer does: 1 MiB/s. */
const REST_BYTES_PER_MS = 1049;

export interface LoaderOptions {
	/** The element that plays, or how it is found when it is needed. Without it nothing waits for peers. */
	readonly media?: Playing | null | (() => Playing | null | undefined);
	/** Finds the client; default `Rivulet.client`, that of the page's embed tag. */
	readonly client?: () => Rivulet | null | undefined;
	/**
	 * With more than this buffered the next segment is not asked for yet, so that what is not watched is not fetched either;
	 * default 10. `Infinity`: as soon as hls.js wants it.
	 */
	readonly bufferSeconds?: number;
	/** What loads where Rivulet does not: hls.js's `loader`, unless this is that itself. */
	readonly base?: LoaderClass;
}

/** One request of hls.js's. */
interface Job {
	readonly context: LoaderContext;
	readonly config: LoaderConfiguration;
	readonly callbacks: LoaderCallbacks;
}

/**
 * A loader class for hls.js: `new Hls({ fLoader: rivuletHls({ media: video }) })`. What Rivulet has no part in, and what fails,
 * is loaded by hls.js's own loader, as it would be without.
 */
export function rivuletHls(options: LoaderOptions = {}): LoaderClass {
	const broken = new Set<string>();
	return class extends RivuletLoader {
		constructor(config: HlsConfig) {
			const Base = options.base ?? config.loader;
			if (Base === new.target) throw new TypeError("Rivulet: as hls.js's `loader` it needs `base`; `fLoader` does not");
			// what a page's own code does to its requests is not known here
			const own = !config.xhrSetup && !config.fetchSetup;
			super(own ? options : { client: () => null }, new Base(config), broken);
		}
	};
}

class RivuletLoader implements Loader {
	readonly #options: LoaderOptions;
	/** Has loaded nothing until it is handed the job; its statistics are ours from the beginning. */
	readonly #base: Loader;
	readonly #abort = new AbortController();
	#context: LoaderContext | null = null;
	/** Null: not begun, ended, or the base's. */
	#job: Job | null = null;
	#response: Response | null = null;
	/** Where hls.js takes a segment as it comes. */
	#stream: Stream | null = null;
	/** URLs of which hls.js was given a part: the base loads them when it asks again. */
	readonly #broken: Set<string>;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(options: LoaderOptions, base: Loader, broken: Set<string>) {
		this.#options = options;
		this.#base = base;
		this.#broken = broken;
	}

	get context(): LoaderContext | null {
		return this.#context;
	}

	get stats(): LoaderStats {
		return this.#base.stats;
	}

	load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks): void {
		const { client = () => window.Rivulet?.client } = this.#options;
		const rivulet = client();
		this.#context = context;
		if (!rivulet || this.#broken.has(context.url)) {
			this.#base.load(context, config, callbacks);
			return;
		}
		const job = { context, config, callbacks };
		this.#job = job;
		const { highWaterMark: leastBytes = Number.POSITIVE_INFINITY } = config;
		if (callbacks.onProgress && Number.isFinite(leastBytes) && context.responseType === "arraybuffer") {
			this.#stream = new Stream(leastBytes, (bytes) => {
				callbacks.onProgress?.(this.stats, context, bytes.buffer, this.#response);
			});
		}
		this.stats.loading.start = performance.now();
		this.#limit(job, firstByteMs(config));
		void this.#attempt(rivulet, job);
	}

	abort(): void {
		const job = this.#end();
		if (job) {
			this.stats.aborted = true;
			job.callbacks.onAbort?.(this.stats, job.context, this.#response);
		} else this.#base.abort();
	}

	destroy(): void {
		this.#end();
		this.#base.destroy();
	}

	getCacheAge(): number | null {
		return this.#base.getCacheAge?.() ?? null;
	}

	getResponseHeader(name: string): string | null {
		return this.#response ? this.#response.headers.get(name) : (this.#base.getResponseHeader?.(name) ?? null);
	}

	async #attempt(rivulet: Rivulet, job: Job): Promise<void> {
		let data: unknown;
		try {
			data = await this.#fetch(rivulet, job);
		} catch {
			// nobody has it, or it is no answer of that type: the base finds out why, and says so
		}
		if (this.#job !== job) return; // aborted, or late
		const response = this.#response;
		if (!response || data === undefined) return this.#yield(job);
		this.#end();
		const { stats } = this;
		const { callbacks, context } = job;
		if (!this.#stream) callbacks.onProgress?.(stats, context, data, response);
		callbacks.onSuccess({ url: response.url, data, code: response.status }, stats, context, response);
	}

	/** Undefined: not Rivulet's to answer. */
	async #fetch(rivulet: Rivulet, { context, config }: Job): Promise<unknown> {
		const { url, headers, rangeStart, rangeEnd, responseType } = context;
		const { signal } = this.#abort;
		const { stats } = this;
		const { loading } = stats;
		const range = rangeEnd ? { range: `bytes=${rangeStart}-${rangeEnd - 1}` } : {};
		const init = { headers: { ...headers, ...range }, signal };
		/** Null: held. */
		let untilMs: number | null = null;
		const due = () => (untilMs === null ? Number.POSITIVE_INFINITY : this.#dueMs(untilMs - performance.now()));
		const open = () => rivulet.open(url, { ...init, dueMs: due });
		let held: ReturnType<typeof open> | null = null;
		const heldUntilMs = performance.now() + MAX_HOLD_MS;
		while (this.#job && this.#hasPlenty && performance.now() < heldUntilMs) {
			// others may need somebody to keep it
			held ??= open();
			held.catch(() => {}); // whoever awaits it is told
			await this.#hold(config);
		}
		if (!this.#job) return;
		// a service worker does as well as can be done here
		const early = rivulet.catalog === "coming" && !rangeEnd && !navigator.serviceWorker?.controller;
		untilMs = loading.start + Math.min(MAX_WAIT_MS, WAIT_SHARE * firstByteMs(config));
		let parts: Uint8Array<ArrayBuffer>[] = [];
		let atMs = loading.start;
		let paused = false;
		const taker: Taker = {
			came: (part) => {
				const nowMs = performance.now();
				signal.throwIfAborted();
				if (paused) this.#discount(nowMs - atMs);
				else if (due() > EASY_MS) this.#discount(nowMs - atMs - PAUSE_MS);
				paused = false;
				atMs = nowMs;
				if (!loading.first) this.#began(config);
				stats.loaded += part.length;
				this.#stream?.take(part);
			},
			lasts: (bytes, size) => {
				const [start, end] = this.#span(bytes, size);
				const pieceMs = (PIECE_BYTES * (atMs - loading.first)) / stats.loaded;
				return end - start >= BEGUN_SECONDS && bufferedMs(this.#media(), [start, end]) > RESERVE_MS + 2 * pieceMs;
			},
			paused: () => {
				paused = true;
				this.#stream?.flush();
			},
		};
		const loaded = early && !held ? await loadEarly(rivulet, url, init, taker) : "begun";
		if (loaded === "begun") {
			// it may have got an entry meanwhile
			const response = (held && (await held)) ?? (await open());
			if (!response?.ok || signal.aborted) return;
			this.#response = response;
			stats.loaded = 0;
			stats.total = Number(response.headers.get("content-length"));
			this.#stream?.again();
			await read(response, parts, taker.came);
		} else if (loaded) {
			this.#response = loaded.response;
			parts = loaded.parts;
		} else return;
		this.#stream?.flush();
		loading.end = performance.now();
		stats.total = stats.loaded;
		stats.bwEstimate = (8000 * stats.loaded) / Math.max(1, loading.end - loading.first);
		if (loaded !== "begun") shareLater(rivulet, url, joined(parts));
		if (this.#stream) return new ArrayBuffer(0);
		// hls.js takes what it is given for its own
		const bytes = joined(parts);
		if (responseType === "arraybuffer") return bytes.buffer;
		const text = new TextDecoder().decode(bytes);
		return responseType === "json" ? JSON.parse(text) : text;
	}

	/** In how many milliseconds the player runs out of what it has, at most `mostMs`. */
	#dueMs(mostMs: number): number {
		if (!this.#stream) return dueMs(this.#media(), mostMs);
		const { bytes } = this.#stream;
		const { total } = this.stats;
		const restBytes = Math.max(0, total - bytes - PIECE_BYTES);
		return streamDueMs(this.#media(), mostMs, this.#span(bytes, total), restBytes, REST_BYTES_PER_MS);
	}

	/** The part of the film that the first bytes of the segment are, if it is played as it comes and has that size. */
	#span(bytes: number, size: number): Span {
		const { start, duration } = this.#context?.frag ?? { start: 0, duration: 0 };
		return [start, start + (this.#stream && size ? duration * Math.min(1, bytes / size) : 0)];
	}

	/** Whether the player has as much as it should fetch before it is watched: viewers leave. */
	get #hasPlenty(): boolean {
		const { bufferSeconds = BUFFER_SECONDS } = this.#options;
		return bufferedMs(this.#media()) > bufferSeconds * 1000;
	}

	async #hold(config: LoaderConfiguration): Promise<void> {
		await new Promise((resolve) => setTimeout(resolve, HOLD_STEP_MS));
		if (!this.#job) return;
		// as if hls.js had asked only now
		this.stats.loading.start = performance.now();
		this.#limit(this.#job, firstByteMs(config));
	}

	#began({ loadPolicy: { maxLoadTimeMs } }: LoaderConfiguration): void {
		const { loading } = this.stats;
		loading.first = performance.now();
		if (this.#job) this.#limit(this.#job, maxLoadTimeMs - (loading.first - loading.start));
	}

	/** hls.js chooses the quality by how long segments take. */
	#discount(ms: number): void {
		const { loading } = this.stats;
		if (ms <= 0) return;
		loading.start += ms;
		if (loading.first) loading.first += ms;
	}

	#media(): Playing | null | undefined {
		const { media } = this.#options;
		return typeof media === "function" ? media() : media;
	}

	/** Gives up unless the job has ended by then. */
	#limit(job: Job, ms: number): void {
		clearTimeout(this.#timer);
		if (!Number.isFinite(ms)) return;
		this.#timer = setTimeout(() => {
			if (job.config.loadPolicy.timeoutRetry && !this.#stream?.bytes) return this.#yield(job);
			this.#end();
			job.callbacks.onTimeout(this.stats, job.context, this.#response);
		}, ms);
	}

	/** The base does it, from the beginning. */
	#yield({ callbacks, config, context }: Job): void {
		this.#end();
		if (this.#stream?.bytes) {
			// what hls.js has got it forgets, and asks again
			this.#broken.add(context.url);
			callbacks.onError({ code: 0, text: "Rivulet: broke off" }, context, this.#response, this.stats);
			return;
		}
		this.#response = null;
		const { loading } = this.stats;
		loading.start = loading.first = this.stats.loaded = 0;
		this.#base.load(context, config, callbacks);
	}

	#end(): Job | null {
		const job = this.#job;
		this.#job = null;
		clearTimeout(this.#timer);
		if (job) this.#abort.abort();
		return job;
	}
}

/** As hls.js's own loaders read the policy. */
function firstByteMs({ loadPolicy: { maxLoadTimeMs, maxTimeToFirstByteMs } }: LoaderConfiguration): number {
	return maxTimeToFirstByteMs && Number.isFinite(maxTimeToFirstByteMs) ? maxTimeToFirstByteMs : maxLoadTimeMs;
}
