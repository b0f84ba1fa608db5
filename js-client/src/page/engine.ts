import type { Bytes } from "../protocol/bytes.ts";
import type { SiteCatalog } from "../protocol/catalog.ts";
import { CatalogError } from "../protocol/catalog-error.ts";
import { catalogBody } from "../protocol/decode-catalog.ts";
import { DecodeError } from "../protocol/decode-error.ts";
import type { KeyId, SiteId } from "../protocol/ids.ts";
import { parseJson } from "../protocol/json.ts";
import { MAX_GROUP_CHARS } from "../protocol/limits.ts";
import type { CatalogBody, Policy, TrackerMessage, Welcome } from "../protocol/messages.ts";
import { type Admission, admission } from "../protocol/pattern.ts";
import { SignedCatalog } from "../protocol/signed-catalog.ts";
import { canonicalUrl } from "../protocol/url.ts";
import { DurableCatalogStorage } from "../store/catalog-storage.ts";
import { Database } from "../store/database.ts";
import { DurablePieceStore } from "../store/durable-store.ts";
import { RecentPieces } from "../store/recent-pieces.ts";
import { ComingEntries } from "../transfer/coming-entries.ts";
import { LeftToNetwork } from "../transfer/left-to-network.ts";
import { Responder, type Served } from "../transfer/responder.ts";
import { admitted, isShareable, SILENCE_MS } from "../worker/route.ts";
import { adopt, keep, watchLoads } from "./adopt.ts";
import type { Events } from "./events.ts";
import { MAX_NEIGHBOURS, Neighbours } from "./neighbours.ts";
import { PeerConnection } from "./peer-connection.ts";
import { type Meets, mayUpload, meets, wishes } from "./privacy.ts";
import { Siblings } from "./siblings.ts";
import { SiteSwarm } from "./site-swarm.ts";
import type { Counters } from "./stats.ts";
import { TrackerConnection } from "./tracker-connection.ts";
import { WorkerBridge } from "./worker-bridge.ts";

const REPORT_MS = 10_000;
/** How long the tracker's answer over HTTP, and its welcome before a page is told that Rivulet started, may take. */
const TRACKER_MS = 3000;

/** The longest that a look into what the page has of the catalog may take. */
const BUSY_MS = 500;

export interface EngineOptions {
	/** Base URL of the tracker, with a slash at the end. */
	readonly tracker: string;
	readonly site: SiteId;
	/** Null: the key that the tracker names is trusted. */
	readonly key: KeyId | null;
}

/** A running client: the parts, and what connects them. */
export class Engine {
	readonly counters: Counters;
	readonly neighbours: Neighbours;
	readonly #options: EngineOptions;
	readonly #events: Events;
	readonly #database = new Database();
	readonly #store = new DurablePieceStore(this.#database);
	readonly #catalog: SiteCatalog;
	readonly #swarm: SiteSwarm;
	readonly #responder: Responder;
	readonly #closing = new AbortController();
	readonly #network: typeof fetch;
	readonly #left: LeftToNetwork;
	readonly #coming = new ComingEntries(async (url) => (await this.#catalog.lookup(url)) !== null);
	#tracker: TrackerConnection | null = null;
	#siblings: Siblings | null = null;
	#bridge: WorkerBridge | null = null;
	#adopts = false;
	#admission: Admission | null = null;
	#meets: Meets = "nobody";
	/** Resolves when the tracker has said welcome, or will not soon. */
	readonly started: Promise<void>;
	#start: () => void = () => {};
	/** Whether a catalog was had of the tracker. */
	informed: "coming" | "known" | "none" = "coming";
	/** Indexes and shards that the tracker was asked for. */
	#shardsComing = 0;
	readonly #refusals = new Set<string>();

	constructor(options: EngineOptions, counters: Counters, events: Events) {
		this.#options = options;
		this.counters = counters;
		this.#events = events;
		this.#network = (input, init) => fetch(input, init);
		this.#left = new LeftToNetwork((bytes) => counters.count("origin", bytes));
		this.started = new Promise((resolve) => {
			this.#start = () => {
				if (this.informed === "coming") this.informed = "none";
				resolve();
			};
		});
		const nowMs = () => performance.now();
		const every = (ms: number, callback: () => void) => {
			const timer = setInterval(callback, ms);
			return () => clearInterval(timer);
		};
		this.#catalog = new SignedCatalog({
			site: options.site,
			key: options.key,
			origin: location.origin,
			storage: new DurableCatalogStorage(this.#database, options.site),
			fetchShard: async (hash) => {
				this.#shardsComing++;
				const bytes = await this.#fromTracker(`shards/${hash}`);
				this.#shardsComing--;
				if (!bytes) throw new TypeError("the tracker does not give a shard");
				return bytes;
			},
			nowSeconds: () => Date.now() / 1000,
		});
		this.#store.recent = new RecentPieces();
		this.neighbours = new Neighbours({
			makeLink: (ends) => new PeerConnection(ends),
			shelf: {
				holdings: (content) => this.#swarm.holdings(content),
				fetching: (content) => this.#swarm.underWay(content),
				piece: async (content, index) => {
					if (!this.#swarm.holdings(content)?.has(index)) return null;
					const bytes = await this.#store.read(content, index);
					if (!bytes) this.#swarm.lost(content, index);
					return bytes;
				},
				layout: async (content) => {
					if (!this.#swarm.holdings(content)) return null;
					return this.#catalog.entryOf(content)?.layout?.bytes ?? this.#store.layout(content);
				},
				uploaded: (bytes) => counters.count("uploaded", bytes),
			},
			signal: (to, session, body) => this.#tracker?.signal(to, session, body),
			nowMs,
			every,
			listener: {
				joining: ({ id, kind }) => events.emit("peer", { id, role: kind, state: "connecting" }),
				ready: (session) => {
					this.#swarm.ready(session);
					events.emit("peer", { id: session.id, role: session.kind, state: "connected" });
				},
				holds: (...what) => this.#swarm.holds(...what),
				wants: (...what) => this.#swarm.wants(...what),
				fetching: (...what) => this.#swarm.isFetching(...what),
				received: ({ kind }, bytes) => counters.count(kind === "edge" ? "edges" : "peers", bytes),
				sentBadPiece: ({ id }, content, piece) => counters.bad(id, content, piece),
				closed: (session) => {
					this.#swarm.gone(session);
					events.emit("peer", { id: session.id, role: session.kind, state: "closed" });
				},
			},
		});
		this.#swarm = new SiteSwarm({
			neighbours: this.neighbours,
			directory: () => this.#tracker,
			fetchLayout: (content) => this.#fromTracker(`layouts/${content}`),
			receivedOverHttp: (bytes) => counters.count("edges", bytes),
			mayFetch: isNotMixed,
			nowMs,
			after: (ms, callback) => void setTimeout(callback, ms),
		});
		this.#responder = new Responder({
			store: this.#store,
			swarm: this.#swarm,
			catalog: this.#catalog,
			fetch: this.#network,
			nowMs,
			every,
			missing: (url) => this.#missing(url),
			origins: new Map(),
			tally: {
				origin: (bytes) => counters.count("origin", bytes),
				verified: (piece) => {
					counters.verified(piece);
					events.emit("piece", piece);
				},
				rejected: () => counters.rejected(),
				contradicted: (url) => {
					counters.contradicted(url);
					// a storage that does not keep it is as if there were none
					void this.#catalog.suspend(url);
				},
			},
		});
		const { signal } = this.#closing;
		addEventListener("pagehide", () => this.#pause(), { signal });
		addEventListener("pageshow", ({ persisted }) => persisted && this.#connect(), { signal });
		const stopReports = every(REPORT_MS, () => this.#report());
		signal.addEventListener("abort", stopReports);
		setTimeout(this.#start, TRACKER_MS);
		this.#connect();
	}

	/** Verified bytes for this request; null: ask the network. @param dueMs see `Reading` */
	async serve(request: Request, dueMs?: () => number): Promise<Served | null> {
		const { tracker } = this.#options;
		if (this.#meets === "nobody" || !this.#admission || !isShareable(request, location.origin)) return null;
		const url = admitted(request, this.#admission, tracker);
		// a condition on its range is the network's to judge
		if (!url || request.headers.has("if-range")) return null;
		const { headers, signal } = request;
		if (!(await this.#knows(url)) && !(dueMs && (await this.#coming.comes(url, dueMs, signal)))) return null;
		const served = await this.#responder.serve({ url, range: headers.get("range"), signal, ...(dueMs && { dueMs }) });
		// what goes through a service worker, that one counts
		if (!served && !navigator.serviceWorker?.controller) this.#left.leave(request.url);
		return served;
	}

	/** Whether there is an entry; one whose shard is still on its way from the tracker is for later requests. */
	async #knows(url: string): Promise<boolean> {
		const known = this.#catalog.lookup(url).then((entry) => {
			if (!entry) this.#missing(url);
			return entry !== null;
		});
		// a page that is busy is no reason to go to the network
		for (let waitedMs = 0; waitedMs < BUSY_MS; waitedMs += SILENCE_MS) {
			const late = new Promise<null>((resolve) => setTimeout(resolve, SILENCE_MS, null));
			const answer = await Promise.race([known, late]);
			if (answer !== null) return answer;
			if (this.#shardsComing) return false;
		}
		return false;
	}

	/** See `Client`. */
	async share(name: string, bytes: Bytes): Promise<boolean> {
		const url = canonicalUrl(name);
		const entry = url && this.#admission?.admits(url) && (await this.#catalog.lookup(url));
		const layout = entry && (await this.#responder.layout(entry));
		return layout ? keep({ store: this.#store, swarm: this.#swarm }, layout, bytes) : false;
	}

	stop(): void {
		this.#closing.abort();
		this.#pause();
		this.#bridge?.dismiss();
		this.#start();
	}

	#connect(): void {
		const { site, tracker } = this.#options;
		this.#siblings = new Siblings(site, (id) => this.neighbours.sibling(id));
		this.#tracker = new TrackerConnection({
			base: tracker,
			site,
			group: location.pathname.slice(0, MAX_GROUP_CHARS),
			mode: wishes(navigator).privacy ? "edges" : "open",
			slots: () => (this.#swarm.uploads ? Math.max(0, MAX_NEIGHBOURS - this.neighbours.sessions.length) : 0),
			welcome: (message) => this.#welcome(message),
			message: (message) => this.#heed(message),
			unknownPeer: (id) => this.neighbours.unknown(id),
			unreachable: () => this.#start(),
		});
	}

	/** The page goes, perhaps for good. */
	#pause(): void {
		this.#report();
		this.neighbours.close(true);
		this.#siblings?.close();
		this.#tracker?.stop();
		this.#tracker = null;
	}

	#welcome({ peer, ice, policy, catalog }: Welcome): void {
		this.#apply(policy);
		this.neighbours.configure(peer, ice, this.#meets !== "all");
		this.#siblings?.introduce(peer);
		this.#swarm.announceAll();
		// does not reject
		void this.#take(catalog).then(async () => {
			this.informed = "known";
			const warm = this.#warm();
			this.#intercept(policy);
			await Promise.all([warm, this.#bridge?.ready]);
			this.#start();
			this.#events.emit("ready", { peer });
			this.#adopt();
		});
	}

	/** Has the shard of the page's own URL loaded, which on a small site is the only one: the first request need not wait. */
	async #warm(): Promise<void> {
		const loaded = this.#catalog.lookup(location.href);
		await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, BUSY_MS))]);
	}

	#heed(message: Exclude<TrackerMessage, Welcome | { type: "error" }>): void {
		switch (message.type) {
			case "peers":
				this.#swarm.hint(message);
				break;
			case "signal":
				if (this.#meets !== "nobody") this.neighbours.receive(message);
				break;
			case "head":
				void this.#take(message.catalog);
				break;
			case "batch":
				void this.#takeBatch(message.batch);
				break;
			case "policy":
				this.#apply(message.policy);
				this.#intercept(message.policy);
				break;
			default:
				message satisfies never;
		}
	}

	#apply(policy: Policy): void {
		const wanted = wishes(navigator);
		this.#admission = admission(policy);
		this.#meets = meets(policy, wanted);
		this.#swarm.uploads = this.#meets !== "nobody" && mayUpload(policy, wanted);
		if (this.#meets === "nobody") this.neighbours.close(false);
	}

	/** Lets the site's service worker, where it has one, ask this page. */
	#intercept(policy: Policy): void {
		const { serviceWorker } = navigator;
		if (!serviceWorker) return;
		const { tracker, site } = this.#options;
		const mode = this.#meets === "nobody" ? "oblivious" : policy.mode;
		const config = { tracker, site, policy: { ...policy, mode } };
		this.#bridge?.configure(config);
		this.#bridge ??= new WorkerBridge(
			{
				container: serviceWorker,
				catalog: this.#catalog,
				responder: this.#responder,
				missing: (url) => this.#missing(url),
				count: (from, bytes) => this.counters.count(from, bytes),
			},
			config,
		);
	}

	/** Looks at what the page has loaded before Rivulet was there, and loads beside it. */
	#adopt(): void {
		if (this.#adopts) return;
		this.#adopts = true;
		watchLoads(this.#closing.signal, async (url) => {
			if (this.#meets === "nobody" || !this.#admission) return;
			await adopt(
				{
					origin: location.origin,
					catalog: this.#catalog,
					store: this.#store,
					swarm: this.#swarm,
					admission: this.#admission,
					fetch: this.#network,
					layout: (entry) => this.#responder.layout(entry),
					missing: (missing) => this.#missing(missing),
				},
				url,
			);
		});
	}

	#missing(url: string): void {
		if (this.#admission?.admits(url)) this.#tracker?.missing(url);
	}

	#report(): void {
		const report = this.counters.report();
		if (report) this.#tracker?.send(report);
	}

	async #take(body: CatalogBody): Promise<void> {
		await this.#judge(() => this.#catalog.applyCatalog(body));
	}

	async #takeBatch(jws: string): Promise<void> {
		const taken = await this.#judge(() => this.#catalog.applyBatch(jws));
		if (taken !== false) return;
		const bytes = await this.#fromTracker("catalog");
		if (bytes) {
			const body = new TextDecoder().decode(bytes);
			await this.#judge(() => this.#catalog.applyCatalog(catalogBody(parseJson(body, "catalog"), "catalog")));
		}
	}

	/** What is refused changes nothing; that it was, is said once for each reason. */
	async #judge<T>(take: () => Promise<T>): Promise<T | null> {
		try {
			return await take();
		} catch (error) {
			if (!(error instanceof CatalogError || error instanceof DecodeError)) throw error;
			if (!this.#refusals.has(error.message)) console.warn(`Rivulet: ${error.message}`);
			this.#refusals.add(error.message);
			return null;
		}
	}

	/** Of the site, over HTTP; null when the tracker does not give it. */
	async #fromTracker(path: string): Promise<Bytes | null> {
		const { tracker, site } = this.#options;
		try {
			const signal = AbortSignal.timeout(TRACKER_MS);
			const response = await fetch(`${tracker}sites/${site}/${path}`, { signal });
			return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
		} catch {
			return null; // unreachable
		}
	}
}

/** Whether a page of this scheme may fetch from there (W3C Mixed Content: loopback counts as secure). */
function isNotMixed(base: string): boolean {
	const { protocol, hostname } = new URL(base);
	return location.protocol !== "https:" || protocol === "https:" || /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
