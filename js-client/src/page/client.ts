import { type KeyId, parseKeyId, parseSiteId, type SiteId } from "../protocol/ids.ts";
import { Engine } from "./engine.ts";
import { type ClientEvents, Events, type Listener } from "./events.ts";
import { Counters, type PeerStats, type Stats } from "./stats.ts";

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
}

export interface FetchOptions extends RequestInit {
	/**
	 * In how many milliseconds the reader runs out of what it has, as a player does at the end of its buffer: all of the answer
	 * should be there by then. Asked again and again while the answer is under way; absent: at once. What time there is may be
	 * spent on waiting for peers rather than asking the origin.
	 */
	readonly dueMs?: () => number;
}

/** What pages see of Rivulet (docs/embed.md). Where it cannot work, it does what the browser does by itself. */
export class Client {
	readonly #counters = new Counters();
	readonly #events = new Events();
	#engine: Engine | null = null;
	/** Resolves once requests are answered as well as they can be; never rejects. */
	readonly started: Promise<void>;

	/** Begins to start. @throws TypeError when what names the site is wrong */
	constructor({ tracker, site, key }: StartOptions) {
		const siteId = parseSiteId(site);
		const keyId = key === undefined ? null : parseKeyId(key);
		if (!siteId || (key !== undefined && !keyId)) throw new TypeError("Rivulet: not a site id, or not a key id");
		this.started = this.#run(new URL(tracker.replace(/\/?$/, "/"), location.href).href, siteId, keyId);
	}

	/** Whether the site's catalog is known, so that `open` can have something; `none`: not soon, or never. */
	get catalog(): "coming" | "known" | "none" {
		return this.#engine?.informed ?? "none";
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
		const served = await this.#engine.serve(request, init?.dueMs);
		if (!served) return null;
		const { body, status, headers } = served;
		const response = new Response(body, { status, headers });
		// a constructed response has no URL
		return Object.defineProperty(response, "url", { value: request.url.replace(/#.*/, "") });
	}

	/**
	 * Offers to others what the page has of a resource, from its beginning. Says whether all pieces of it are those of the
	 * resource's entry; otherwise nothing of it is kept.
	 */
	async share(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
		return (await this.#engine?.share(url, bytes)) ?? false;
	}

	stats(): Stats {
		const { bytes, pieces } = this.#counters;
		const sessions = this.#engine?.neighbours.sessions ?? [];
		const peers = sessions.map(
			({ id, kind, state, estimate, down, up }): PeerStats => ({
				id,
				role: kind,
				state: state === "ready" ? "connected" : "connecting",
				rttMs: estimate.rttMs || null,
				down,
				up,
			}),
		);
		return { bytes: { ...bytes }, pieces: { ...pieces }, peers };
	}

	/** @returns ends it */
	on<K extends keyof ClientEvents>(name: K, listener: Listener<K>): () => void {
		return this.#events.on(name, listener);
	}

	/** Leaves the swarm; requests go to the network from now on. */
	stop(): void {
		this.#engine?.stop();
		this.#engine = null;
		this.#events.emit("stopped", {});
	}

	async #run(tracker: string, site: SiteId, key: KeyId | null): Promise<void> {
		if (!canRun()) return console.info("Rivulet is off: this page or browser lacks what it needs");
		if (!key) console.info("Rivulet: no data-key, so the key that the tracker names is trusted");
		this.#engine = new Engine({ tracker, site, key }, this.#counters, this.#events);
		await this.#engine.started;
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
