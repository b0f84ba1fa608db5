import type { CatalogState, ClientEvents, EngineOptions, ToEngine, ToPage } from "../engine/messages.ts";
import { connection, wishes } from "../engine/privacy.ts";
import type { Stats } from "../engine/stats.ts";
import { parseKeyId, parseSiteId } from "../protocol/ids.ts";
import { LeftToNetwork } from "../transfer/left-to-network.ts";
import { UPLOAD_BYTES } from "../transfer/upload-rate.ts";
import { type Engine, Exchange } from "../worker/exchange.ts";
import type { WorkerConfig } from "../worker/messages.ts";
import { chunks, streamOf } from "../worker/relay.ts";
import { isShareable } from "../worker/route.ts";
import { ENGINE_SCRIPT, type EngineHost, startEngine } from "./engine-host.ts";
import { Events, type Listener } from "./events.ts";
import { pageThread, watchThread } from "./lateness.ts";
import { Loads } from "./loads.ts";
import { PeerConnections } from "./peer-connection.ts";
import { Registration } from "./registration.ts";

declare global {
	interface Window {
		/** Starts clients by hand. */
		Rivulet?: {
			start(options: StartOptions): Promise<Client>;
			/** The client from when it begins to start. */
			client?: Client;
		};
		/** The started client. */
		rivulet?: Client;
	}
}

export interface StartOptions {
	/** Base URL of the tracker: where `rivulet.js` lies. */
	readonly tracker: string;
	readonly site: string;
	/** Id of the site's root key; without it the key that the tracker names is trusted. */
	readonly key?: string;
	/** The most that a page gives to others, in bytes per second; 0: nothing. */
	readonly uploadRate?: number;
	/** The most that a page load gives to others, in bytes. */
	readonly uploadLimit?: number;
	/** Folder of the engine's script; default: the tracker. The script's tag gives the folder that it was loaded from. */
	readonly engine?: string;
	/** For pages with a content security policy that asks for one. */
	readonly nonce?: string;
}

export interface FetchOptions extends RequestInit {
	/**
	 * In how many milliseconds the reader runs out of what it has, as a player does at the end of its buffer: all of the answer
	 * should be there by then. Asked again and again while the answer is under way; absent: at once. What time there is may be
	 * spent on waiting for peers rather than asking the origin. Infinity: nothing is needed yet; what only one other page has
	 * may be copied from there.
	 */
	readonly dueMs?: () => number;
}

/** The longest that the engine may take to say whether it answers. It is not as busy as pages are. */
const ENGINE_MS = 1000;

/** How often a reader is asked again when it runs out. */
const DUE_MS = 200;

/** The longest a page waits for the start: its requests go to the network as long as there is no engine. */
const START_MS = 3000;

/** How long an engine that was stopped has to take its leave. */
const FAREWELL_MS = 200;

const NOTHING: Stats = {
	bytes: { store: 0, peers: 0, edges: 0, origin: 0, uploaded: 0 },
	pieces: { verified: 0, rejected: 0 },
	peers: [],
};

/**
 * What pages see of Rivulet (docs/embed.md): an engine does the work, this connects it with what only pages have. Where it
 * cannot work, it does what the browser does by itself.
 */
export class Client {
	readonly #events = new Events();
	readonly #closing = new AbortController();
	readonly #connections = new PeerConnections((message, transfer) => this.#tell(message, transfer));
	readonly #loads = new Loads(this.#closing.signal);
	/** Counts what the engine leaves to the network; what goes through a service worker, that one counts. */
	readonly #left = new LeftToNetwork(
		(bytes) => this.#tell({ type: "count", from: "origin", bytes }),
		(load, bytes) => this.#loads.add(load, bytes),
	);
	#engine: EngineHost | null = null;
	#registration: Registration | null = null;
	#stats = NOTHING;
	#catalog: CatalogState = "coming";
	/** Resolves once requests are answered as well as they can be; never rejects. */
	readonly started: Promise<void>;
	#start: () => void = () => {};

	/** Begins to start. @throws TypeError when what names the site is wrong */
	constructor(options: StartOptions) {
		const { site: siteName, key: keyName, uploadRate = Number.POSITIVE_INFINITY, uploadLimit = UPLOAD_BYTES } = options;
		const site = parseSiteId(siteName);
		const key = keyName === undefined ? null : parseKeyId(keyName);
		if (!site || (keyName !== undefined && !key) || !(uploadRate >= 0 && uploadLimit >= 0)) {
			throw new TypeError("Rivulet: not a site id, a key id, or a number of bytes");
		}
		this.started = new Promise((resolve) => {
			this.#start = resolve;
			setTimeout(resolve, START_MS);
		});
		const { href } = location;
		const tracker = new URL(options.tracker.replace(/\/?$/, "/"), href).href;
		const { engine = tracker, nonce = "" } = options;
		if (!canRun()) this.#off("this page or browser lacks what it needs");
		else {
			const settings = { tracker, site, key, href, uploadRate, uploadLimit, wishes: wishes(navigator) };
			void this.#run(settings, new URL(ENGINE_SCRIPT, engine).href, nonce);
		}
	}

	/** Whether the site's catalog is known, so that `open` can have something; `none`: not soon, or never. */
	get catalog(): CatalogState {
		return this.#catalog;
	}

	/** As the global `fetch`, from nearby where that is possible. */
	async fetch(input: RequestInfo | URL, init?: FetchOptions): Promise<Response> {
		return (await this.open(input, init)) ?? fetch(input, init);
	}

	/**
	 * As `fetch`, for those who ask the network in a way of their own: null when Rivulet has no part in the request, which is
	 * known without waiting for tracker or catalog. Rejects only with the signal's reason, or as `fetch` does for what is no
	 * request.
	 */
	async open(input: RequestInfo | URL, init?: FetchOptions): Promise<Response | null> {
		const method = init?.method ?? (input instanceof Request ? input.method : "GET");
		if (!this.#engine || method.toUpperCase() !== "GET") return null;
		const request = new Request(input, init);
		request.signal.throwIfAborted();
		// a condition on its range is the network's to judge
		if (!isShareable(request, location.origin) || request.headers.has("if-range")) return null;
		const response = await this.#ask(this.#engine.wire, request, init?.dueMs);
		request.signal.throwIfAborted();
		return response;
	}

	/**
	 * Offers to others what the page has of a resource, from its beginning. Says whether all pieces of it are those of the
	 * resource's entry; otherwise nothing of it is kept.
	 */
	async share(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
		return (await this.#call({ type: "share", url, bytes })) === true;
	}

	/** As of at most a tenth of a second ago; after a response that Rivulet gave, and after `share`, with all of that. */
	stats(): Stats {
		return this.#stats;
	}

	/** @returns ends it */
	on<K extends keyof ClientEvents>(name: K, listener: Listener<K>): () => void {
		return this.#events.on(name, listener);
	}

	/** Leaves the swarm; requests go to the network from now on. */
	stop(): void {
		const engine = this.#engine;
		this.#tell({ type: "stop" });
		this.#engine = null;
		this.#closing.abort();
		this.#connections.close();
		this.#registration?.dismiss();
		if (engine) setTimeout(engine.end, FAREWELL_MS);
		this.#start();
		this.#events.emit("stopped", {});
	}

	async #run(options: EngineOptions, script: string, nonce: string): Promise<void> {
		const { signal } = this.#closing;
		if (!options.key) console.info("Rivulet: no data-key, so the key that the tracker names is trusted");
		try {
			const heed = (message: ToPage) => this.#heed(message);
			const engine = await startEngine({ url: script, nonce, options, signal, heed });
			if (signal.aborted) return engine.end();
			this.#engine = engine;
		} catch (error) {
			if (!signal.aborted) this.#off(error);
			return;
		}
		const leave = () => {
			this.#tell({ type: "leave" });
			this.#connections.close();
		};
		addEventListener("pagehide", leave, { signal });
		addEventListener("pageshow", ({ persisted }) => persisted && this.#tell({ type: "back" }), { signal });
		const changed = () => this.#tell({ type: "wishes", wishes: wishes(navigator) });
		connection(navigator).addEventListener?.("change", changed, { signal });
		// does not bubble
		const stalled = ({ target }: Event) => {
			if (target instanceof HTMLMediaElement && target.currentTime && !target.seeking) this.#tell({ type: "stalled" });
		};
		addEventListener("waiting", stalled, { capture: true, signal });
		// a worker takes nothing of the main thread, whoever keeps that busy
		if (!this.#engine.inPage) return;
		signal.addEventListener(
			"abort",
			watchThread(pageThread, () => this.#tell({ type: "busy" })),
		);
	}

	/** Rivulet does nothing on this page. */
	#off(why: unknown): void {
		console.info(`Rivulet is off: ${why}`);
		this.#catalog = "none";
		this.#start();
	}

	#tell(message: ToEngine, transfer: Transferable[] = []): void {
		this.#engine?.wire.postMessage(message, transfer);
	}

	/** Tells the engine, and waits for what it says to that. */
	#call(message: ToEngine): Promise<unknown> | undefined {
		const { port1, port2 } = new MessageChannel();
		if (!this.#engine) return;
		this.#tell(message, [port2]);
		return new Promise((resolve) => {
			port1.onmessage = ({ data }) => resolve(data);
		});
	}

	#heed(message: ToPage): void {
		switch (message.type) {
			case "catalog":
				this.#catalog = message.catalog;
				break;
			case "started":
				void this.#registered(this.#start);
				break;
			case "stats":
				this.#stats = message.stats;
				break;
			case "event": {
				const tell = () => this.#events.emit(message.name, message.event);
				if (message.name === "ready") void this.#registered(tell);
				else tell();
				break;
			}
			case "intercept":
				this.#intercept(message.config);
				break;
			case "intercepted":
				this.#registration?.connected();
				break;
			case "alive":
				this.#registration?.alive();
				break;
			case "connect":
			case "signal":
			case "close":
				this.#connections.heed(message);
				break;
			case "up":
				break;
			default:
				message satisfies never;
		}
	}

	/** Once the service worker, where there is one, asks the engine. */
	async #registered(then: () => void): Promise<void> {
		await this.#registration?.ready;
		then();
	}

	#intercept(config: WorkerConfig): void {
		const { serviceWorker: container } = navigator;
		if (this.#registration) this.#registration.configure(config);
		else {
			const connect = (port?: MessagePort) => this.#tell({ type: "worker" }, port ? [port] : []);
			if (container) this.#registration = new Registration({ container, connect }, config);
			this.#loads.watch(async (url, bytes) => void (await this.#call({ type: "loaded", url, bytes })));
		}
	}

	/** The engine's answer; null when it has none. */
	async #ask(engine: Engine, request: Request, dueMs: (() => number) | undefined): Promise<Response | null> {
		const { headers, signal, url } = request;
		const due = () => (dueMs ? performance.timeOrigin + performance.now() + dueMs() : null);
		const abort = new AbortController();
		signal.addEventListener("abort", () => abort.abort(signal.reason));
		const order = { type: "open", url, range: headers.get("range"), dueAtMs: due() } as const;
		const exchange = new Exchange(engine, order, abort.signal);
		const timer = dueMs && setInterval(() => exchange.tell({ type: "due", atMs: Number(due()) }), DUE_MS);
		const first = await exchange.first(ENGINE_MS);
		const supply = first?.type === "ack" ? await exchange.next() : first;
		if (supply?.type !== "head") {
			clearInterval(timer);
			exchange.close();
			const left = supply?.type === "none" && supply.left;
			if (left && !navigator.serviceWorker?.controller) this.#left.leave(url);
			return null;
		}
		const body = streamOf(chunks(exchange), abort, () => clearInterval(timer));
		const response = new Response(body, { status: supply.status, headers: supply.headers });
		// a constructed response has no URL
		return Object.defineProperty(response, "url", { value: url.replace(/#.*/, "") });
	}
}

/** Whether this page and browser have what the client needs. Asked before anything else is touched. */
function canRun(): boolean {
	return (
		isSecureContext &&
		["RTCPeerConnection", "indexedDB", "WebSocket", "BroadcastChannel"].every((name) => name in globalThis) &&
		"any" in AbortSignal &&
		Boolean(crypto.subtle)
	);
}
