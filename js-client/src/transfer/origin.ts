import type { Bytes } from "../protocol/bytes.ts";
import type { Layout } from "../protocol/layout.ts";
import type { Run } from "./origin-plan.ts";

/**
 * Marks the client's own requests, so that its service worker lets them pass. A fragment is never sent to a server.
 */
export const OWN_REQUEST = "#rivulet";

/** A response handed on as the origin gave it. */
export interface AsIs {
	readonly status: number;
	readonly headers: Record<string, string>;
	readonly body: ReadableStream<Uint8Array>;
}

/** What becomes of a run. */
export type RunEnd =
	| { readonly type: "done" }
	/** No answer, an error status, or a connection that broke. */
	| { readonly type: "failed" }
	/** It would send all of the resource although a range was asked for. */
	| { readonly type: "ranges-refused" }
	/** Other bytes than the layout's. `asIs`: the whole response, when nothing of it was verified before. */
	| { readonly type: "contradicted"; readonly asIs: AsIs | null };

/** What the reader of a run is told. */
export interface RunSink {
	/** Resolves when the piece may be read. */
	room(piece: number): Promise<void>;
	received(bytes: number): void;
	/** The origin began to answer. */
	began(): void;
	/** The next piece, verified. */
	landed(bytes: Bytes): void;
}

/** Asks the origin for a run of pieces, and verifies them as they pass. */
export async function readRun(
	fetcher: typeof fetch,
	url: string,
	layout: Layout,
	run: Run,
	sink: RunSink,
	signal: AbortSignal,
): Promise<RunEnd> {
	try {
		const begin = layout.offset(run.from);
		const end = layout.offset(run.to - 1) + layout.length(run.to - 1);
		// Past the browser's HTTP cache: Chromium lets one request at a time write an entry, and what is counted as coming
		// from the origin should have come from it. Verified pieces have a store of their own.
		const response = await fetcher(url + OWN_REQUEST, {
			cache: "no-store",
			signal,
			...(run.whole ? {} : { headers: { range: `bytes=${begin}-${end - 1}` } }),
		});
		sink.began();
		const { status, body } = response;
		if (body && status === (run.whole ? 200 : 206)) return await new Passage(response, body, layout, run, sink).read();
		await body?.cancel();
		return { type: status === 200 ? "ranges-refused" : "failed" };
	} catch {
		// fetch and its body report every failure of the network, and our abort, by rejecting
		return { type: "failed" };
	}
}

/** Cuts one response into pieces. */
class Passage {
	readonly #response: Response;
	readonly #layout: Layout;
	readonly #run: Run;
	readonly #sink: RunSink;
	readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
	/** Read, and not part of a piece yet. */
	#rest: Uint8Array = new Uint8Array();

	constructor(response: Response, body: ReadableStream<Uint8Array>, layout: Layout, run: Run, sink: RunSink) {
		this.#response = response;
		this.#layout = layout;
		this.#run = run;
		this.#sink = sink;
		this.#reader = body.getReader();
	}

	async read(): Promise<RunEnd> {
		const { from, to, whole } = this.#run;
		for (let piece = from; piece < to; piece++) {
			await this.#sink.room(piece);
			const buffer = new Uint8Array(this.#layout.length(piece));
			const filled = await this.#take(buffer);
			if (!(await this.#layout.verify(piece, filled))) {
				if (filled.length < buffer.length && !whole) return { type: "failed" };
				const asIs = whole && piece === 0 ? this.#asIs(filled) : null;
				if (!asIs) await this.#reader.cancel();
				return { type: "contradicted", asIs };
			}
			this.#sink.landed(filled);
		}
		await this.#reader.cancel();
		return { type: "done" };
	}

	/** Fills a buffer; returns less when the response ends before. */
	async #take(buffer: Bytes): Promise<Bytes> {
		let filled = 0;
		while (filled < buffer.length) {
			if (!this.#rest.length) {
				const { done, value } = await this.#reader.read();
				if (done) break;
				this.#rest = value;
				this.#sink.received(value.length);
			}
			const part = this.#rest.subarray(0, buffer.length - filled);
			buffer.set(part, filled);
			filled += part.length;
			this.#rest = this.#rest.subarray(part.length);
		}
		return buffer.subarray(0, filled);
	}

	#asIs(begun: Uint8Array): AsIs {
		const read = [begun, this.#rest].filter((bytes) => bytes.length);
		const reader = this.#reader;
		const sink = this.#sink;
		const body = new ReadableStream<Uint8Array>({
			async pull(controller) {
				const next = read.shift();
				if (next) return controller.enqueue(next);
				const { done, value } = await reader.read();
				if (done) return controller.close();
				sink.received(value.length);
				controller.enqueue(value);
			},
			cancel: (reason) => reader.cancel(reason),
		});
		const headers = Object.fromEntries(this.#response.headers);
		// the browser has decoded the body that these describe
		delete headers["content-encoding"];
		delete headers["content-length"];
		return { status: this.#response.status, headers, body };
	}
}
