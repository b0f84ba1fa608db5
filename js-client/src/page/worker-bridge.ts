import type { SiteCatalog } from "../protocol/catalog.ts";
import type { Responder } from "../transfer/responder.ts";
import {
	type Demand,
	isRollCall,
	type Order,
	type PageMessage,
	PORT_CREDIT,
	type Supply,
	type WorkerConfig,
} from "../worker/messages.ts";

/** Where a site that wants its requests intercepted has a file that imports the tracker's service worker. */
const SCRIPT = "/rivulet-sw.js";

/** While bodies are streamed the worker hears from the page this often: browsers stop one that is idle for 30 s. */
const ALIVE_MS = 10_000;

/** A worker that is installed only now gets this long before the page counts as started. */
const READY_MS = 1000;

/** What the service worker is answered from. */
export interface BridgeWorld {
	readonly container: ServiceWorkerContainer;
	readonly catalog: Pick<SiteCatalog, "lookup">;
	readonly responder: Pick<Responder, "serve">;
	/** The worker was asked for a URL that has no entry. */
	missing(url: string): void;
	/** The worker itself has read so many bytes. */
	count(from: "store" | "origin", bytes: number): void;
}

/** Registers the site's service worker where it has one, and answers what it asks. */
export class WorkerBridge {
	readonly #world: BridgeWorld;
	readonly #closing = new AbortController();
	/** Ports of the requests that are being answered. */
	readonly #requests = new Map<MessagePort, AbortController>();
	/** URLs of which the worker has had bytes from this page. */
	readonly #served = new Set<string>();
	/** Resolves when the worker asks this page, or there will not be one soon. */
	readonly ready: Promise<void>;
	#ready: () => void = () => {};
	#config: WorkerConfig;
	#port: MessagePort | null = null;
	#alive: ReturnType<typeof setInterval> | undefined;

	constructor(world: BridgeWorld, config: WorkerConfig) {
		this.#world = world;
		this.#config = config;
		const { signal } = this.#closing;
		const { container } = world;
		container.addEventListener("message", ({ data }) => isRollCall(data) && this.#hello(), { signal });
		container.addEventListener("controllerchange", () => this.#hello(), { signal });
		container.startMessages();
		addEventListener("pageshow", ({ persisted }) => persisted && this.#hello(), { signal });
		document.addEventListener("resume", () => this.#hello(), { signal });
		addEventListener("pagehide", () => this.#leave(), { signal });
		document.addEventListener("freeze", () => this.#leave(), { signal });
		this.ready = new Promise((resolve) => {
			this.#ready = resolve;
			setTimeout(resolve, READY_MS);
		});
		void this.#register();
	}

	/** Tells the worker when the site's policy has changed. */
	configure(config: WorkerConfig): void {
		this.#config = config;
		this.#hello();
	}

	/** Ends what is being answered; the worker goes on without this page. */
	close(): void {
		this.#closing.abort();
		this.#leave();
	}

	/** Makes the worker let every request pass until a page greets it again. */
	dismiss(): void {
		this.#send({ rivulet: "stop" });
		this.close();
	}

	async #register(): Promise<void> {
		const { container } = this.#world;
		try {
			if (!(await container.getRegistration())) {
				const { headers, ok } = await fetch(SCRIPT, { method: "HEAD" });
				if (!ok || !/javascript/.test(headers.get("content-type") ?? "")) return this.#ready();
				await container.register(SCRIPT);
			}
			await container.ready;
			this.#hello();
		} catch (error) {
			console.debug("Rivulet works without a service worker:", error);
			this.#ready();
		}
	}

	#hello(): void {
		if (this.#closing.signal.aborted) return;
		const { port1, port2 } = new MessageChannel();
		this.#port?.close();
		this.#port = port1;
		port1.onmessage = ({ data, ports }: MessageEvent<Order>) => this.#take(data, ports);
		this.#send({ rivulet: "hello", config: this.#config }, port2);
	}

	#send(message: PageMessage, ...ports: MessagePort[]): void {
		void this.#world.container.ready.then(({ active }) => active?.postMessage(message, ports));
	}

	#take(order: Order, [port]: readonly MessagePort[]): void {
		switch (order.type) {
			case "ready":
				this.#ready();
				break;
			case "fetch":
				if (port) void this.#answer(order, port);
				break;
			case "missing":
				this.#world.missing(order.url);
				break;
			case "count":
				this.#world.count(order.from, order.bytes);
				break;
			default:
				order satisfies never;
		}
	}

	async #answer({ continued, range, url }: Order & { type: "fetch" }, port: MessagePort): Promise<void> {
		const say = (supply: Supply) => port.postMessage(supply);
		const abort = new AbortController();
		const credit = new Credit(abort.signal);
		port.onmessage = ({ data }: MessageEvent<Demand>) => {
			if (data.type === "pull") credit.add();
			if (data.type === "cancel") abort.abort();
			if (data.type === "ping") say({ type: "pong" });
		};
		port.addEventListener("close", () => abort.abort()); // of browsers that tell when the worker is gone
		this.#track(port, abort);
		try {
			const { catalog, responder } = this.#world;
			if ((!continued || this.#served.has(url)) && (await catalog.lookup(url))) say({ type: "ack" });
			else return say({ type: "none" });
			const served = await responder.serve({ url, range, signal: abort.signal });
			if (!served) return say({ type: "none" });
			const { body, ...head } = served;
			this.#served.add(url);
			say({ type: "head", ...head });
			for await (const bytes of read(body, abort.signal)) {
				await credit.take();
				say({ type: "chunk", bytes });
			}
			say({ type: "end" });
		} catch {
			say({ type: "fail" }); // the worker goes on by itself
		} finally {
			this.#track(port, null);
		}
	}

	#track(port: MessagePort, abort: AbortController | null): void {
		if (abort) this.#requests.set(port, abort);
		else this.#requests.delete(port);
		if (this.#requests.size) this.#alive ??= setInterval(() => this.#send({ rivulet: "alive" }), ALIVE_MS);
		else {
			clearInterval(this.#alive);
			this.#alive = undefined;
		}
	}

	#leave(): void {
		const gone: Supply = { type: "gone" };
		for (const [port, abort] of this.#requests) {
			port.postMessage(gone);
			abort.abort();
		}
		this.#port?.postMessage({ type: "bye" });
		this.#port?.close();
		this.#port = null;
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
