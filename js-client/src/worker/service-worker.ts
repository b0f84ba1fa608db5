import type { Bytes } from "../protocol/bytes.ts";
import type { Entry } from "../protocol/catalog.ts";
import { EntryMap } from "../protocol/entry-map.ts";
import type { ShardHash } from "../protocol/ids.ts";
import { putNewest } from "../protocol/newest.ts";
import { type Admission, admission } from "../protocol/pattern.ts";
import { readableBy } from "../protocol/signed-catalog.ts";
import { urlHash } from "../protocol/url.ts";
import { CATALOG_CHANNEL, DurableCatalogStorage } from "../store/catalog-storage.ts";
import { Database } from "../store/database.ts";
import { DurablePieceStore } from "../store/durable-store.ts";
import { RecentPieces } from "../store/recent-pieces.ts";
import { LeftToNetwork } from "../transfer/left-to-network.ts";
import { FIRST_HOLDER_MS } from "../transfer/plan.ts";
import { type AnswerWorld, answer, type Question } from "./answer.ts";
import { answerBeginning } from "./beginning.ts";
import { fetchAndKeep } from "./fetch-and-keep.ts";
import { HOLD_MS, Lane } from "./lane.ts";
import { type Order, pageMessage, type WorkerConfig } from "./messages.ts";
import { Pages } from "./pages.ts";
import {
	admittedUrl,
	isBlocking,
	isCrossOrigin,
	isOpaqueMedia,
	isShareable,
	isStart,
	LAST_PATIENCE_MS,
	MAX_SILENCE_MS,
	patienceMs,
	rangeOf,
	SILENCE_MS,
} from "./route.ts";

declare const self: ServiceWorkerGlobalScope;

/** Name under `state` of what pages have told of the site. */
const CONFIG = "worker";

/** Loads of media elements that are remembered. */
const MAX_MEDIA = 256;

/** How long requests, and pages, wait for what a started worker knew before: it is used from when storage gives it. */
const START_MS = 200;

/** How long a page may take to write what it has given, on a busy machine. */
const PAGE_WRITES_MS = 2000;

/** Pages whose first requests are remembered. */
const MAX_LANES = 64;

/** What the worker knows of the site, once a page has told it. */
interface Site {
	readonly config: WorkerConfig;
	readonly policy: Admission;
	readonly entries: Promise<EntryMap | null>;
}

/** Service Worker Static Routing API, of which the type library knows nothing yet. */
interface Routable {
	addRoutes(routes: object): Promise<void>;
}

/** What runs in the service worker of a site: answers the requests of its pages. */
export function runServiceWorker(): void {
	const interceptor = new Interceptor();
	self.addEventListener("install", (event) => {
		event.waitUntil(self.skipWaiting());
		// A site's own worker that imports this script may have to do with navigations
		if ("addRoutes" in event && self.location.pathname === "/rivulet-sw.js") {
			event.waitUntil(passNavigations(event as Routable));
		}
	});
	self.addEventListener("activate", (event) => {
		event.waitUntil(self.clients.claim());
	});
	self.addEventListener("message", (event) => interceptor.heed(event));
	self.addEventListener("fetch", (event) => interceptor.fetched(event));
}

/** Navigations are never ours: where the browser can be told so (Chromium), they do not wait for the worker to start. */
async function passNavigations(event: Routable): Promise<void> {
	try {
		await event.addRoutes({ condition: { requestMode: "navigate" }, source: "network" });
	} catch (error) {
		console.debug("Rivulet: navigations start the service worker:", error);
	}
}

const after = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

/** What comes in that time; else undefined. */
const soon = <T>(coming: T | Promise<T>, ms: number): Promise<T | undefined> => Promise.race([coming, after(ms)]);

const nowSeconds = () => Date.now() / 1000;

class Interceptor {
	readonly #origin = self.location.origin;
	readonly #database = new Database();
	readonly #store = new DurablePieceStore(this.#database);
	readonly #pages = new Pages(self.clients);
	/** By client and URL: whether an opaque load of a media element began with an answer of ours. */
	readonly #media = new Map<string, boolean>();
	/** By client: what was asked before its neighbours were there. */
	readonly #lanes = new Map<string, Lane>();
	/** Whether pages settle in time, as the last one did: those without an engine, or without a tracker, do not. */
	#settle = true;
	readonly #left = new LeftToNetwork((bytes) => this.#world.count("origin", bytes));
	readonly #world: AnswerWorld = {
		store: this.#store,
		fetch: (input, init) => fetch(input, init),
		count: (from, bytes) => this.#pages.tell("", { type: "count", from, bytes }),
		nowSeconds,
		fetchLayout: (content) => this.#fromTracker(`layouts/${content}`),
		gave: ({ contentId, pieceCount }, bytes) =>
			void this.#store.backUp(after(PAGE_WRITES_MS), contentId, pieceCount, 0, bytes),
	};
	/** Undefined until it is known whether a page has told of one. */
	#site: Site | null | undefined;
	readonly #started: Promise<void>;

	constructor() {
		// who goes on through a site, or comes back soon, need not wait for the disk
		this.#store.recent = new RecentPieces();
		this.#started = this.#start();
		new BroadcastChannel(CATALOG_CHANNEL).onmessage = () => {
			if (this.#site) this.#learn(this.#site.config);
		};
	}

	heed(event: ExtendableMessageEvent): void {
		const message = pageMessage(event.data);
		const [port] = event.ports;
		if (message?.rivulet === "hello" && port && event.source instanceof Client) {
			const { id } = event.source;
			this.#pages.join(id, port, () => {
				this.#settle = true;
				this.#lanes.get(id)?.open();
			});
			event.waitUntil(this.#adopt(message.config, port));
		}
		if (message?.rivulet === "stop") event.waitUntil(this.#adopt(null));
	}

	fetched(event: FetchEvent): void {
		const { request } = event;
		const site = this.#site;
		if (site === null || !isShareable(request, this.#origin)) return;
		if (site && !admittedUrl(request.url, site.policy, site.config.tracker)) return;
		let ended = () => {};
		event.waitUntil(
			new Promise<void>((resolve) => {
				ended = resolve;
			}),
		);
		event.respondWith(this.#respond(event, ended));
	}

	async #start(): Promise<void> {
		const kept = this.#database.patientGet<WorkerConfig>("state", CONFIG).then((config) => {
			// a page may have been sooner
			if (this.#site === undefined) this.#learn(config ?? null);
		});
		await soon(kept, START_MS);
		await this.#pages.present;
	}

	#learn(config: WorkerConfig | null): void {
		const works = config && config.policy.mode !== "oblivious";
		this.#site = works ? { config, policy: admission(config.policy), entries: this.#readCatalog(config) } : null;
	}

	/** Keeps what a page says of the site for the next start. */
	async #adopt(config: WorkerConfig | null, port?: MessagePort): Promise<void> {
		await this.#started;
		if (!this.#site || JSON.stringify(config) !== JSON.stringify(this.#site.config)) {
			this.#learn(config);
			await this.#database.attempt(["state"], "readwrite", async (store) => store("state").put(config, CONFIG));
		}
		await soon(this.#site?.entries, START_MS);
		const ready: Order = { type: "ready" };
		port?.postMessage(ready);
	}

	/** What pages have saved of the catalog: they verified it. */
	async #readCatalog({ site: id }: WorkerConfig): Promise<EntryMap | null> {
		const storage = new DurableCatalogStorage(this.#database, id);
		const saved = await storage.load(true);
		if (!saved) return null;
		const load = async (hash: ShardHash) => (await storage.shard(hash)) ?? (await this.#fromTracker(`shards/${hash}`));
		const takenDown = (ids: ReadonlySet<string>) => void this.#store.block(ids);
		const entries = new EntryMap({ ...saved, changes: new Map() }, load, nowSeconds, takenDown);
		await entries.change(saved.changes);
		// the first request need not wait for a small site's only shard
		void entries.find(await urlHash(self.location.href)).catch(() => {});
		return entries;
	}

	async #fromTracker(path: string): Promise<Bytes> {
		if (!this.#site) throw new TypeError("no site");
		const response = await fetch(`${this.#site.config.tracker}sites/${this.#site.config.site}/${path}`);
		if (!response.ok) throw new TypeError(`the tracker answers ${response.status}`);
		return new Uint8Array(await response.arrayBuffer());
	}

	/** Undefined when it cannot be known in time whether there is an entry. */
	async #lookup({ entries }: Site, url: string, patienceMs: number): Promise<Entry | null | undefined> {
		const find = async () => {
			const entry = await (await entries)?.find(await urlHash(url));
			return entry && !readableBy(this.#origin, url, entry) ? null : entry;
		};
		return soon(find(), patienceMs);
	}

	/** Our answer; null when the network's is wanted, or when it has `failed` and nobody else answers. */
	async #tryToAnswer(
		{ clientId, request }: FetchEvent,
		began: boolean | undefined,
		ended: () => void,
		failed = false,
	): Promise<Response | null> {
		await this.#started;
		const site = this.#site;
		const url = site && admittedUrl(request.url, site.policy, site.config.tracker);
		if (!site || !url || began === false) return null;
		const entry = await this.#lookup(site, url, failed ? LAST_PATIENCE_MS : SILENCE_MS);
		if (entry === null) this.#pages.tell(clientId, { type: "missing", url });
		if (!entry) return null;
		const abort = new AbortController();
		request.signal.addEventListener("abort", () => abort.abort());
		const opaque = isOpaqueMedia(request, this.#origin);
		const question: Question = {
			url,
			range: rangeOf(request, entry),
			entry,
			pages: await this.#pages.toAsk(clientId),
			patienceMs: failed ? LAST_PATIENCE_MS : patienceMs(entry.size),
			continued: opaque && !began && !isStart(request),
			alone: !opaque,
			abort,
		};
		const early = !question.pages.some((page) => this.#pages.isSettled(page));
		if (early) {
			const held = failed
				? null
				: ((await this.#hold(clientId, request, question, ended)) ?? (await this.#begin(clientId, question, ended)));
			if (held) return held;
			question.pages = await this.#pages.toAsk(clientId);
			question.patienceMs = MAX_SILENCE_MS;
		}
		const response = await answer(this.#world, question, ended);
		if (!response && !failed) this.#left.leave(request.url);
		return response;
	}

	/** While the page's neighbours are not there: from the store, or of the origin in turn. Null: not held any more. */
	async #hold(clientId: string, request: Request, question: Question, ended: () => void): Promise<Response | null> {
		const { layout, size } = question.entry;
		if (layout?.pieceCount !== 1 || question.range) return null;
		const stored = await answer(this.#world, { ...question, pages: [] }, ended);
		if (stored) return stored;
		const lane = this.#lane(clientId);
		if (!(await lane.enter(size, isBlocking(request)))) return null;
		this.#left.leave(request.url);
		// enrolled content of another origin lets this page read it, which keeping needs
		const opaque = request.mode === "no-cors" && isCrossOrigin(request, this.#origin);
		const asked = opaque ? request.url : request;
		const left = () => {
			lane.left();
			ended();
		};
		const kept = () => this.#pages.tell(clientId, { type: "kept", url: question.url });
		const answered = fetchAndKeep(this.#world, asked, { signal: request.signal }, layout, left, kept);
		const response = await soon(answered, LAST_PATIENCE_MS);
		// those who have it can do better than an origin that errs, or says nothing
		return response && response.status < 500 ? response : null;
	}

	/** Likewise what has several pieces: the origin gives some of it. Null: not held any more, or not to be divided. */
	async #begin(clientId: string, question: Question, ended: () => void): Promise<Response | null> {
		const { alone, entry, url } = question;
		const { freshUntil, layout, ranges } = entry;
		if (!layout || layout.pieceCount === 1 || !ranges || !alone || freshUntil < nowSeconds()) return null;
		const lane = this.#lane(clientId);
		const meanwhile = {
			isOver: () => lane.isOpen,
			over: soon(lane.opened, FIRST_HOLDER_MS),
			pages: () => this.#pages.toAsk(clientId),
			kept: () => this.#pages.tell(clientId, { type: "kept", url }),
		};
		return answerBeginning(this.#world, { ...question, patienceMs: MAX_SILENCE_MS }, layout, meanwhile, ended);
	}

	#lane(clientId: string): Lane {
		let lane = this.#lanes.get(clientId);
		if (!lane) {
			const made = new Lane();
			lane = made;
			putNewest(this.#lanes, clientId, made, MAX_LANES);
			const late = () => {
				this.#settle &&= made.isOpen;
				made.open();
			};
			if (this.#settle) setTimeout(late, HOLD_MS);
			else made.open();
		}
		return lane;
	}

	async #respond(event: FetchEvent, ended: () => void): Promise<Response> {
		const { clientId, request } = event;
		const load = `${clientId} ${request.url}`;
		const began = isStart(request) ? undefined : this.#media.get(load);
		const ask = async (failed: boolean) => {
			const response = await this.#tryToAnswer(event, began, ended, failed).catch((error: unknown) => {
				console.debug("Rivulet leaves a request to the network:", error);
				return null;
			});
			if (isOpaqueMedia(request, this.#origin)) {
				putNewest(this.#media, load, response !== null || began === true, MAX_MEDIA);
			}
			return response;
		};
		const response = await ask(false);
		if (response) return response;
		// enrolled content of another origin lets this page read it: not opaque, as the load began
		const network = began ? fetch(request.url, { headers: request.headers, signal: request.signal }) : fetch(request);
		const failed = await network.then(
			({ status }) => status >= 500,
			() => !request.signal.aborted,
		);
		const late = failed ? await ask(true) : null;
		if (!late) ended();
		return late ?? network;
	}
}
