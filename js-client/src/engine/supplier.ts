import type { SiteCatalog } from "../protocol/catalog.ts";
import type { Responder } from "../transfer/responder.ts";
import { type Demand, type Notice, type Order, PORT_CREDIT, type Supply } from "../worker/messages.ts";

/** While bodies are streamed the service worker hears from the page this often: browsers stop one that is idle for 30 s. */
const ALIVE_MS = 10_000;

/** What requests are answered from. */
export interface SupplyWorld {
	readonly catalog: Pick<SiteCatalog, "lookup">;
	readonly responder: Pick<Responder, "serve">;
	/** A URL as the page has it, canonical; null when the site does not admit it, or the visitor. */
	admitted(url: string): string | null;
	/** Whether there is an entry, or comes while the reader can wait. */
	knows(url: string, dueMs: (() => number) | undefined, signal: AbortSignal): Promise<boolean>;
	/** The worker was asked for a URL that has no entry. */
	missing(url: string): void;
	/** The store has all of a URL's resource now. */
	kept(url: string): void;
	/** So many bytes were read without the engine. */
	count(from: "store" | "origin", bytes: number): void;
	/** The service worker asks from now on. */
	intercepted(): void;
	/** The service worker is not to be stopped. */
	alive(): void;
	/** A body has ended. */
	ended(): void;
	/** What was being answered ended with an error. */
	failed(): void;
}

/** Answers what the page's own code and its service worker ask. */
export class Supplier {
	readonly #world: SupplyWorld;
	/** Requests that are being answered. */
	readonly #requests = new Map<MessagePort, AbortController>();
	/** URLs of which the service worker has had bytes from this page. */
	readonly #served = new Set<string>();
	#worker: MessagePort | null = null;
	#settled = false;
	#alive: ReturnType<typeof setInterval> | undefined;

	constructor(world: SupplyWorld) {
		this.#world = world;
	}

	/** Takes orders of the service worker from that port, and no longer from another; none: the page goes, or sleeps. */
	worker(port: MessagePort | undefined): void {
		if (port) this.#worker?.close();
		else this.#leave();
		this.#worker = port ?? null;
		if (port) port.onmessage = ({ data, ports }: MessageEvent<Order>) => this.take(data, ports[0]);
		if (this.#settled) this.#notify("settled");
	}

	/** The page's neighbours are there, or nobody is to be expected. */
	settle(): void {
		if (!this.#settled) this.#notify("settled");
		this.#settled = true;
	}

	take(order: Order, port: MessagePort | undefined): void {
		switch (order.type) {
			case "ready":
				this.#world.intercepted();
				break;
			case "fetch":
			case "open":
				if (port) void this.#answer(order, port);
				break;
			case "missing":
				this.#world.missing(order.url);
				break;
			case "kept":
				this.#world.kept(order.url);
				break;
			case "count":
				this.#world.count(order.from, order.bytes);
				break;
			default:
				order satisfies never;
		}
	}

	async #answer(order: Order & { type: "fetch" | "open" }, port: MessagePort): Promise<void> {
		const say = (supply: Supply) => port.postMessage(supply);
		const abort = new AbortController();
		const credit = new Credit(abort.signal);
		const nowMs = () => performance.timeOrigin + performance.now();
		const own = order.type === "open";
		let dueAtMs = own ? order.dueAtMs : null;
		port.onmessage = ({ data }: MessageEvent<Demand>) => {
			if (data.type === "pull") credit.add();
			if (data.type === "cancel") abort.abort();
			if (data.type === "ping") say({ type: "pong" });
			if (data.type === "due") dueAtMs = data.atMs;
		};
		port.addEventListener("close", () => abort.abort()); // of browsers that tell when the other end is gone
		this.#track(port, abort);
		try {
			const { range } = order;
			const { signal } = abort;
			const { admitted, knows, responder } = this.#world;
			const url = own ? admitted(order.url) : await this.#knownToWorker(order);
			if (!url) return say({ type: "none" });
			say({ type: "ack" });
			const dueMs = dueAtMs === null ? undefined : () => Number(dueAtMs) - nowMs();
			if (own && !(await knows(url, dueMs, signal))) return say({ type: "none" });
			const served = await responder.serve({ url, range, signal, ...(dueMs && { dueMs }) });
			if (!served) return say({ type: "none", left: true });
			const { body, ...head } = served;
			if (!own) this.#served.add(url);
			say({ type: "head", ...head });
			for await (const bytes of read(body, abort.signal)) {
				await credit.take();
				say({ type: "chunk", bytes });
			}
			this.#world.ended();
			say({ type: "end" });
		} catch {
			if (!abort.signal.aborted) this.#world.failed();
			say({ type: "fail" }); // who asked goes on by itself
		} finally {
			this.#track(port, null);
		}
	}

	async #knownToWorker({ continued, url }: Order & { type: "fetch" }): Promise<string | null> {
		const mine = !continued || this.#served.has(url);
		return mine && (await this.#world.catalog.lookup(url)) ? url : null;
	}

	#track(port: MessagePort, abort: AbortController | null): void {
		if (abort) this.#requests.set(port, abort);
		else this.#requests.delete(port);
		if (this.#requests.size) this.#alive ??= setInterval(() => this.#world.alive(), ALIVE_MS);
		else {
			clearInterval(this.#alive);
			this.#alive = undefined;
		}
	}

	/** Ends what is being answered; the service worker goes on without this page. */
	#leave(): void {
		const gone: Supply = { type: "gone" };
		for (const [port, abort] of this.#requests) {
			port.postMessage(gone);
			abort.abort();
		}
		this.#notify("bye");
		this.#worker?.close();
	}

	#notify(type: Notice["type"]): void {
		const notice: Notice = { type };
		this.#worker?.postMessage(notice);
	}
}

/** How many chunks may be sent. */
class Credit {
	#left = PORT_CREDIT;
	#wake: () => void = () => {};

	constructor(signal: AbortSignal) {
		signal.addEventListener("abort", () => this.add());
	}

	add(): void {
		this.#left++;
		this.#wake();
	}

	async take(): Promise<void> {
		while (this.#left === 0) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		this.#left--;
	}
}

/** A body's chunks; ends the body early when it is not wanted any more. */
async function* read(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
	const reader = body.getReader();
	try {
		while (!signal.aborted) {
			const { done, value } = await reader.read();
			if (done) return;
			yield value;
		}
	} finally {
		await reader.cancel();
	}
}
