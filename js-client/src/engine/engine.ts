import type { Bytes } from "../protocol/bytes.ts";
import type { SiteCatalog } from "../protocol/catalog.ts";
import { CatalogError } from "../protocol/catalog-error.ts";
import { catalogBody } from "../protocol/decode-catalog.ts";
import { DecodeError } from "../protocol/decode-error.ts";
import { parseJson } from "../protocol/json.ts";
import { MAX_GROUP_CHARS } from "../protocol/limits.ts";
import {
	type CatalogBody,
	PeerCloseCode,
	type Policy,
	type TrackerMessage,
	type Welcome,
} from "../protocol/messages.ts";
import { type Admission, admission } from "../protocol/pattern.ts";
import { SignedCatalog } from "../protocol/signed-catalog.ts";
import { canonicalUrl } from "../protocol/url.ts";
import { DurableCatalogStorage } from "../store/catalog-storage.ts";
import { Database } from "../store/database.ts";
import { DurablePieceStore } from "../store/durable-store.ts";
import { RecentPieces } from "../store/recent-pieces.ts";
import { AwakeClock } from "../transfer/awake-clock.ts";
import { ComingEntries } from "../transfer/coming-entries.ts";
import { Responder } from "../transfer/responder.ts";
import { LEAST_BYTES_PER_MS, LEAST_WHILE_BUSY_BYTES_PER_MS, UploadRate } from "../transfer/upload-rate.ts";
import { admittedUrl, SILENCE_MS } from "../worker/route.ts";
import { adopt, keep } from "./adopt.ts";
import { ChannelLinks } from "./channel-link.ts";
import type { CatalogState, ClientEvents, EngineOptions, EngineWire, ToEngine, ToPage } from "./messages.ts";
import { MAX_NEIGHBOURS, Neighbours } from "./neighbours.ts";
import { type Meets, mayUpload, meets, type Wishes } from "./privacy.ts";
import { Siblings } from "./siblings.ts";
import { SiteSwarm } from "./site-swarm.ts";
import { Counters, type PeerStats, type Stats } from "./stats.ts";
import { Supplier } from "./supplier.ts";
import { TrackerConnection } from "./tracker-connection.ts";

const REPORT_MS = 10_000;
/** How long the tracker's answer over HTTP, and its welcome before a page is told that Rivulet started, may take. */
const TRACKER_MS = 3000;

/** The longest that a look into what the page has of the catalog may take. */
const BUSY_MS = 500;

/** Neighbours for whom requests are held back; others may come. */
const ENOUGH_NEIGHBOURS = 2;

/** The page is told of new figures at most this often. */
const STATS_MS = 100;

/** Runs an engine for the page at the other end, as soon as that says for which site, if it can be handed data channels here. */
export function runEngine(wire: EngineWire): void {
	let engine: Engine | null = null;
	const channels = "RTCDataChannel" in globalThis;
	wire.onmessage = ({ data, ports }) => {
		if (data.type !== "start") engine?.heed(data, ports[0]);
		else if (channels) engine = new Engine(data.options, wire);
	};
	wire.postMessage({ type: "up", channels }, []);
}

/** A running client, without what only pages can do: the parts, and what connects them. */
class Engine {
	readonly #options: EngineOptions;
	readonly #time = new AwakeClock({
		nowMs: () => performance.now(),
		every: (ms, callback) => {
			const timer = setInterval(callback, ms);
			return () => clearInterval(timer);
		},
	});
	readonly #wire: EngineWire;
	readonly #origin: string;
	readonly #counters = new Counters(() => this.#statsSoon());
	readonly #links = new ChannelLinks((message) => this.#tell(message));
	readonly #neighbours: Neighbours;
	readonly #database = new Database();
	readonly #store = new DurablePieceStore(this.#database);
	readonly #catalog: SiteCatalog;
	readonly #swarm: SiteSwarm;
	readonly #responder: Responder;
	readonly #supplier: Supplier;
	readonly #coming = new ComingEntries(async (url) => (await this.#catalog.lookup(url)) !== null);
	readonly #network: typeof fetch;
	readonly #rate: UploadRate;
	#tracker: TrackerConnection | null = null;
	#siblings: Siblings | null = null;
	#admission: Admission | null = null;
	#policy: Policy | null = null;
	#wishes: Wishes;
	#meets: Meets = "nobody";
	/** Whether a catalog was had of the tracker. */
	#informed: CatalogState = "coming";
	#stopped = false;
	/** Whether the tracker has said who is here, or will not. */
	#hinted = false;
	#statsTimer: ReturnType<typeof setTimeout> | undefined;
	/** Indexes and shards that the tracker was asked for. */
	#shardsComing = 0;
	readonly #refusals = new Set<string>();

	constructor(options: EngineOptions, wire: EngineWire) {
		this.#options = options;
		this.#wishes = options.wishes;
		this.#wire = wire;
		const { href } = options;
		this.#origin = new URL(href).origin;
		const counters = this.#counters;
		// as the page would ask: a worker has no address that servers could be told
		this.#network = (input, init) => fetch(input, { ...init, referrer: href });
		const time = this.#time;
		const nowMs = () => time.nowMs();
		const every = (ms: number, callback: () => void) => time.every(ms, callback);
		const { uploadRate, uploadLimit } = options;
		const rate = new UploadRate(uploadRate, uploadRate && uploadLimit);
		this.#rate = rate;
		this.#catalog = new SignedCatalog({
			site: options.site,
			key: options.key,
			origin: this.#origin,
			storage: new DurableCatalogStorage(this.#database, options.site),
			fetchShard: async (hash) => {
				this.#shardsComing++;
				const bytes = await this.#fromTracker(`shards/${hash}`);
				this.#shardsComing--;
				if (!bytes) throw new TypeError("the tracker does not give a shard");
				return bytes;
			},
			nowSeconds: () => Date.now() / 1000,
			takenDown: (ids) => {
				this.#swarm.block(ids);
				// does not reject
				void this.#store.block(ids);
			},
		});
		this.#store.recent = new RecentPieces();
		this.#neighbours = new Neighbours({
			makeLink: (ends) => this.#links.make(ends),
			shelf: {
				open: () => this.#swarm.uploads,
				waitMs: (bytes) => {
					const ms = rate.take(bytes, nowMs());
					if (!rate.leftBytes) this.#offer();
					return ms;
				},
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
				joining: ({ id, kind }) => this.#emit("peer", { id, role: kind, state: "connecting" }),
				opened: (session) => this.#swarm.opened(session),
				ready: (session) => {
					this.#swarm.ready(session);
					this.#settle();
					this.#emit("peer", { id: session.id, role: session.kind, state: "connected" });
				},
				holds: (...what) => this.#swarm.holds(...what),
				wants: (...what) => this.#swarm.wants(...what),
				fetching: (...what) => this.#swarm.isFetching(...what),
				received: ({ kind }, bytes) => counters.count(kind === "edge" ? "edges" : "peers", bytes),
				sentBadPiece: ({ id }, content, piece) => counters.bad(id, content, piece),
				closed: (session) => {
					this.#swarm.gone(session);
					this.#settle();
					this.#emit("peer", { id: session.id, role: session.kind, state: "closed" });
				},
			},
		});
		this.#swarm = new SiteSwarm({
			neighbours: this.#neighbours,
			directory: () => this.#tracker,
			fetchLayout: (content) => this.#fromTracker(`layouts/${content}`),
			receivedOverHttp: (bytes) => counters.count("edges", bytes),
			mayFetch: (base) => isNotMixed(base, href),
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
			missing: (url) => this.#missing(url, false),
			origins: new Map(),
			late: () => rate.suffers(LEAST_BYTES_PER_MS, nowMs()),
			tally: {
				origin: (bytes) => counters.count("origin", bytes),
				verified: (piece) => {
					counters.verified(piece);
					this.#emit("piece", piece);
				},
				rejected: () => counters.rejected(),
				contradicted: (url) => {
					counters.contradicted(url);
					// a storage that does not keep it is as if there were none
					void this.#catalog.suspend(url);
				},
			},
		});
		this.#supplier = new Supplier({
			catalog: this.#catalog,
			responder: this.#responder,
			admitted: (url) => this.#admitted(url),
			knows: async (url, dueMs, signal) =>
				(await this.#knows(url, dueMs !== undefined)) ||
				Boolean(dueMs && (await this.#coming.comes(url, dueMs, signal))),
			missing: (url) => this.#missing(url, false),
			kept: (url) => void this.#adopt(url, 0),
			count: (from, bytes) => counters.count(from, bytes),
			intercepted: () => this.#tell({ type: "intercepted" }),
			alive: () => this.#tell({ type: "alive" }),
			ended: () => this.#tellStats(),
			failed: () => counters.failed++,
		});
		setInterval(() => {
			this.#offer();
			this.#report();
		}, REPORT_MS);
		setTimeout(() => this.#started(), TRACKER_MS);
		this.#connect();
	}

	/** @param port that the message came with */
	heed(message: Exclude<ToEngine, { readonly type: "start" }>, port: MessagePort | undefined): void {
		switch (message.type) {
			case "worker":
				this.#supplier.worker(port);
				break;
			case "share":
				void this.#share(message.url, message.bytes).then((shared) => {
					this.#tellStats();
					port?.postMessage(shared);
				});
				break;
			case "loaded":
				void this.#adopt(message.url, message.bytes).finally(() => port?.postMessage(true));
				break;
			case "channels":
			case "signal":
			case "lost":
				this.#links.heed(message);
				break;
			case "wishes":
				this.#wishes = message.wishes;
				this.#offer();
				break;
			case "busy":
				this.#rate.suffers(LEAST_WHILE_BUSY_BYTES_PER_MS, this.#time.nowMs());
				break;
			case "stalled":
				this.#counters.stalls++;
				break;
			case "leave":
				this.#pause();
				break;
			case "back":
				if (!this.#stopped && !this.#tracker) this.#connect();
				break;
			case "stop":
				this.#stopped = true;
				this.#supplier.worker(undefined);
				this.#pause();
				break;
			default:
				this.#supplier.take(message, port);
		}
	}

	#tell(message: ToPage): void {
		this.#wire.postMessage(message, []);
	}

	#emit<K extends keyof ClientEvents>(name: K, event: ClientEvents[K]): void {
		if (name === "peer") this.#tellStats();
		this.#tell({ type: "event", name, event } as ToPage);
	}

	#statsSoon(): void {
		this.#statsTimer ??= setTimeout(() => this.#tellStats(), STATS_MS);
	}

	#tellStats(): void {
		clearTimeout(this.#statsTimer);
		this.#statsTimer = undefined;
		const { bytes, pieces } = this.#counters;
		const peers = this.#neighbours.sessions.map(
			({ id, kind, state, estimate, down, up }): PeerStats => ({
				id,
				role: kind,
				state: state === "ready" ? "connected" : "connecting",
				rttMs: estimate.rttMs || null,
				down,
				up,
			}),
		);
		const stats: Stats = { bytes: { ...bytes }, pieces: { ...pieces }, peers };
		this.#tell({ type: "stats", stats });
	}

	#inform(catalog: CatalogState): void {
		this.#informed = catalog;
		this.#tell({ type: "catalog", catalog });
	}

	/** The tracker has said welcome, or will not soon. */
	#started(): void {
		if (this.#informed === "coming") this.#inform("none");
		this.#tell({ type: "started" });
	}

	/** Requests are held back for neighbours no longer once some are there, or nobody is to be expected. */
	#settle(): void {
		const { length } = this.#neighbours.ready;
		if (this.#hinted && (length >= ENOUGH_NEIGHBOURS || length >= this.#swarm.joining)) this.#supplier.settle();
	}

	/** The canonical URL of what the page may have from others; else null. */
	#admitted(name: string): string | null {
		if (this.#meets === "nobody" || !this.#admission) return null;
		return admittedUrl(name, this.#admission, this.#options.tracker);
	}

	/**
	 * Whether there is an entry; one whose shard is still on its way from the tracker is for later requests.
	 *
	 * @param urgent whether the reader may wait for the entry, so that the tracker should know at once
	 */
	async #knows(url: string, urgent: boolean): Promise<boolean> {
		const known = this.#catalog.lookup(url).then((entry) => {
			if (!entry) this.#missing(url, urgent);
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
	async #share(name: string, bytes: Bytes): Promise<boolean> {
		const url = canonicalUrl(name);
		const entry = url && this.#admission?.admits(url) && (await this.#catalog.lookup(url));
		const layout = entry && (await this.#responder.layout(entry));
		return layout ? keep({ store: this.#store, swarm: this.#swarm }, layout, bytes) : false;
	}

	#connect(): void {
		const { href, site, tracker } = this.#options;
		this.#siblings = new Siblings(site, (id) => this.#neighbours.sibling(id));
		this.#tracker = new TrackerConnection({
			base: tracker,
			site,
			group: new URL(href).pathname.slice(0, MAX_GROUP_CHARS),
			mode: this.#wishes.privacy ? "edges" : "open",
			slots: () => (this.#swarm.uploads ? Math.max(0, MAX_NEIGHBOURS - this.#neighbours.sessions.length) : 0),
			welcome: (message) => this.#welcome(message),
			message: (message) => this.#heed(message),
			unknownPeer: (id) => this.#neighbours.unknown(id),
			unreachable: () => {
				this.#hinted = true;
				this.#settle();
				this.#started();
			},
		});
	}

	/** The page goes, perhaps for good. */
	#pause(): void {
		this.#report();
		this.#swarm.quit(true);
		this.#siblings?.close();
		this.#tracker?.stop();
		this.#tracker = null;
	}

	#welcome({ peer, ice, policy, catalog }: Welcome): void {
		this.#apply(policy);
		this.#neighbours.configure(peer, ice, this.#meets !== "all");
		this.#siblings?.introduce(peer);
		this.#swarm.announceAll();
		// does not reject
		void this.#take(catalog).then(async () => {
			this.#inform("known");
			this.#intercept(policy);
			await this.#warm();
			this.#emit("ready", { peer });
			this.#started();
		});
	}

	/** Has the shard of the page's own URL loaded, which on a small site is the only one: the first request need not wait. */
	async #warm(): Promise<void> {
		const loaded = this.#catalog.lookup(this.#options.href);
		await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, BUSY_MS))]);
	}

	#heed(message: Exclude<TrackerMessage, Welcome | { type: "error" }>): void {
		switch (message.type) {
			case "peers":
				this.#swarm.hint(message);
				this.#hinted = true;
				this.#settle();
				break;
			case "signal":
				if (this.#meets !== "nobody") this.#neighbours.receive(message);
				break;
			case "head":
				void this.#take(message.catalog);
				break;
			case "batch":
				void this.#takeBatch(message.batch);
				break;
			case "revoked":
				this.#neighbours.ban(message.peer, PeerCloseCode.NORMAL, "revoked");
				break;
			case "ice":
				this.#neighbours.ice = message.ice;
				break;
			case "policy":
				this.#apply(message.policy);
				this.#intercept(message.policy);
				break;
			default:
				message satisfies never;
		}
	}

	/** Gives to others, or not, as it is now. */
	#offer(): void {
		const may = this.#policy && mayUpload(this.#policy, this.#wishes);
		this.#swarm.uploads = may === true && this.#meets !== "nobody" && this.#rate.leftBytes > 0 && !this.#catalog.stale;
	}

	#apply(policy: Policy): void {
		this.#policy = policy;
		this.#admission = admission(policy);
		this.#meets = meets(policy, this.#wishes);
		this.#offer();
		this.#neighbours.meet(this.#meets !== "all");
		if (this.#meets === "nobody") this.#swarm.quit(false);
	}

	/** Lets the site's service worker, where it has one, ask this page. */
	#intercept(policy: Policy): void {
		const { tracker, site } = this.#options;
		const mode = this.#meets === "nobody" ? "oblivious" : policy.mode;
		this.#tell({ type: "intercept", config: { tracker, site, policy: { ...policy, mode } } });
	}

	/** Looks at what the page has loaded before Rivulet was there, or beside it. */
	async #adopt(url: string, bytes: number): Promise<void> {
		if (this.#meets === "nobody" || !this.#admission) return;
		await adopt(
			{
				origin: this.#origin,
				catalog: this.#catalog,
				store: this.#store,
				swarm: this.#swarm,
				admission: this.#admission,
				fetch: this.#network,
				layout: (entry) => this.#responder.layout(entry),
				missing: (missing) => this.#missing(missing, true),
				known: () => this.#counters.count("origin", bytes),
			},
			url,
		);
	}

	#missing(url: string, ended: boolean): void {
		if (this.#admission?.admits(url)) this.#tracker?.missing(url, ended);
	}

	#report(): void {
		const links = this.#neighbours.ready.map(({ id, down, up }) => ({ peer: id, down, up }));
		const report = this.#counters.report(links);
		if (report) this.#tracker?.send(report);
		// what is taken down is learned of although the tracker did not give the list at first
		void this.#catalog.lookup(this.#options.href);
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

/** Whether a page at `href` may fetch from there (W3C Mixed Content: loopback counts as secure). */
function isNotMixed(base: string, href: string): boolean {
	const { protocol, hostname } = new URL(base);
	return !href.startsWith("https:") || protocol === "https:" || /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
