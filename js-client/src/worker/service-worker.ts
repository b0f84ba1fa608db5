import type { Bytes } from "../protocol/bytes.ts";
import type { Entry } from "../protocol/catalog.ts";
import { EntryMap } from "../protocol/entry-map.ts";
import type { ShardHash } from "../protocol/ids.ts";
import { type Admission, admission } from "../protocol/pattern.ts";
import { readableBy } from "../protocol/signed-catalog.ts";
import { urlHash } from "../protocol/url.ts";
import { CATALOG_CHANNEL, DurableCatalogStorage } from "../store/catalog-storage.ts";
import { Database, get } from "../store/database.ts";
import { DurablePieceStore } from "../store/durable-store.ts";
import { LeftToNetwork } from "../transfer/left-to-network.ts";
import { type AnswerWorld, answer } from "./answer.ts";
import { type Order, pageMessage, type WorkerConfig } from "./messages.ts";
import { Pages } from "./pages.ts";
import {
	admitted,
	isOpaqueMedia,
	isShareable,
	isStart,
	LAST_PATIENCE_MS,
	patienceMs,
	rangeOf,
	SILENCE_MS,
} from "./route.ts";

declare const self: ServiceWorkerGlobalScope;

/** Name under `state` of what pages have told of the site. */
const CONFIG = "worker";

/** Loads of media elements that are remembered. */
const MAX_MEDIA = 256;

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

const { origin, pathname } = self.location;
const database = new Database();
const pages = new Pages(self.clients);
/** By client and URL: whether an opaque load of a media element began with an answer of ours. */
const media = new Map<string, boolean>();
const left = new LeftToNetwork((bytes) => count("origin", bytes));
/** Undefined until it is known whether a page has told of one. */
let site: Site | null | undefined;

const nowSeconds = () => Date.now() / 1000;
const count: AnswerWorld["count"] = (from, bytes) => pages.tell("", { type: "count", from, bytes });

const world: AnswerWorld = {
	store: new DurablePieceStore(database),
	fetch: (input, init) => fetch(input, init),
	count,
	nowSeconds,
	fetchLayout: (content) => fromTracker(`layouts/${content}`),
};

const started = start();

async function start(): Promise<void> {
	const config = await database.attempt(["state"], "readonly", (store) => get<WorkerConfig>(store("state"), CONFIG));
	learn(config ?? null);
	await pages.present;
}

function learn(config: WorkerConfig | null): void {
	const works = config && config.policy.mode !== "oblivious";
	site = works ? { config, policy: admission(config.policy), entries: readCatalog(config) } : null;
}

/** Keeps what a page says of the site for the next start. */
async function adopt(config: WorkerConfig | null, port?: MessagePort): Promise<void> {
	await started;
	if (JSON.stringify(config) !== JSON.stringify(site?.config ?? null)) {
		learn(config);
		await database.attempt(["state"], "readwrite", async (store) => store("state").put(config, CONFIG));
	}
	await site?.entries;
	const ready: Order = { type: "ready" };
	port?.postMessage(ready);
}

/** What pages have saved of the catalog: they verified it. */
async function readCatalog({ site: id }: WorkerConfig): Promise<EntryMap | null> {
	const storage = new DurableCatalogStorage(database, id);
	const saved = await storage.load();
	if (!saved) return null;
	const load = async (hash: ShardHash) => (await storage.shard(hash)) ?? (await fromTracker(`shards/${hash}`));
	const entries = new EntryMap({ ...saved, changes: new Map() }, load, nowSeconds);
	await entries.change(saved.changes);
	return entries;
}

async function fromTracker(path: string): Promise<Bytes> {
	if (!site) throw new TypeError("no site");
	const response = await fetch(`${site.config.tracker}sites/${site.config.site}/${path}`);
	if (!response.ok) throw new TypeError(`the tracker answers ${response.status}`);
	return new Uint8Array(await response.arrayBuffer());
}

/** Undefined when it cannot be known in time whether there is an entry. */
async function lookup({ entries }: Site, url: string, patienceMs: number): Promise<Entry | null | undefined> {
	const find = async () => {
		const entry = await (await entries)?.find(await urlHash(url));
		return entry && !readableBy(origin, url, entry) ? null : entry;
	};
	const late = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs));
	return Promise.race([find(), late]);
}

/** Our answer; null when the network's is wanted, or when it has `failed` and nobody else answers. */
async function tryToAnswer(
	{ clientId, request }: FetchEvent,
	began: boolean | undefined,
	ended: () => void,
	failed = false,
): Promise<Response | null> {
	await started;
	const url = site && admitted(request, site.policy, site.config.tracker);
	if (!site || !url || began === false) return null;
	const entry = await lookup(site, url, failed ? LAST_PATIENCE_MS : SILENCE_MS);
	if (entry === null) pages.tell(clientId, { type: "missing", url });
	if (!entry) return null;
	const abort = new AbortController();
	request.signal.addEventListener("abort", () => abort.abort());
	const opaque = isOpaqueMedia(request, origin);
	const question = {
		url,
		range: rangeOf(request, entry),
		entry,
		pages: await pages.toAsk(clientId),
		patienceMs: failed ? LAST_PATIENCE_MS : patienceMs(entry.size),
		continued: opaque && !began && !isStart(request),
		alone: !opaque,
		abort,
	};
	const response = await answer(world, question, ended);
	if (!response && !failed) left.leave(request.url);
	return response;
}

/** Navigations are never ours: where the browser can be told so (Chromium), they do not wait for the worker to start. */
async function passNavigations(event: Routable): Promise<void> {
	try {
		await event.addRoutes({ condition: { requestMode: "navigate" }, source: "network" });
	} catch (error) {
		console.debug("Rivulet: navigations start the service worker:", error);
	}
}

async function respond(event: FetchEvent, ended: () => void): Promise<Response> {
	const { clientId, request } = event;
	const load = `${clientId} ${request.url}`;
	const began = isStart(request) ? undefined : media.get(load);
	const ask = async (failed: boolean) => {
		const response = await tryToAnswer(event, began, ended, failed).catch((error: unknown) => {
			console.debug("Rivulet leaves a request to the network:", error);
			return null;
		});
		if (isOpaqueMedia(request, origin)) remember(load, response !== null || began === true);
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

/** Keeps how a media element's load began. */
function remember(load: string, ours: boolean): void {
	media.delete(load);
	media.set(load, ours);
	for (const oldest of media.keys()) {
		if (media.size > MAX_MEDIA) media.delete(oldest);
	}
}

self.addEventListener("install", (event) => {
	event.waitUntil(self.skipWaiting());
	// A site's own worker that imports this script may have to do with navigations
	if ("addRoutes" in event && pathname === "/rivulet-sw.js") event.waitUntil(passNavigations(event as Routable));
});

self.addEventListener("activate", (event) => {
	event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
	const message = pageMessage(event.data);
	const [port] = event.ports;
	if (message?.rivulet === "hello" && port && event.source instanceof Client) {
		pages.join(event.source.id, port);
		event.waitUntil(adopt(message.config, port));
	}
	if (message?.rivulet === "stop") event.waitUntil(adopt(null));
});

self.addEventListener("fetch", (event) => {
	const { request } = event;
	if (site === null || !isShareable(request, origin)) return;
	if (site && !admitted(request, site.policy, site.config.tracker)) return;
	let ended = () => {};
	event.waitUntil(
		new Promise<void>((resolve) => {
			ended = resolve;
		}),
	);
	event.respondWith(respond(event, ended));
});

new BroadcastChannel(CATALOG_CHANNEL).onmessage = () => {
	if (site) learn(site.config);
};
