import type { Entry, SiteCatalog } from "../protocol/catalog.ts";
import type { ContentId } from "../protocol/ids.ts";
import { decodeLayout, type Layout, layoutBytes } from "../protocol/layout.ts";
import { parseRange } from "../protocol/range.ts";
import { canonicalUrl } from "../protocol/url.ts";
import type { PieceStore } from "../store/piece-store.ts";
import { bounds, type ResponseHead, responseHead } from "./response-head.ts";
import { revalidate } from "./revalidation.ts";
import { Transfer, type TransferReader, type World } from "./transfer.ts";

/** How long the tracker's or a neighbour's answer about a layout, and the origin's about freshness, may take. */
const PREPARE_MS = 4000;
/** How long a layout that is not inside its entry may take: tracker and neighbours that do not answer must not keep a reader from the origin. */
export const LAYOUT_PATIENCE_MS = 1000;

/** A resource that could not be served is left to the network for so long: it asks again through the service worker. */
const LEFT_MS = 1000;

export interface ServeRequest {
	/** Absolute. */
	readonly url: string;
	/** The `Range` header. */
	readonly range: string | null;
	readonly signal: AbortSignal;
	/** As of a `Reading`. */
	readonly dueMs?: () => number;
}

export interface Served extends ResponseHead {
	/** Whose verified bytes the body has; null: the origin's, as they come. */
	readonly content: ContentId | null;
	readonly body: ReadableStream<Uint8Array>;
}

export interface ResponderWorld extends World {
	readonly store: PieceStore;
	readonly catalog: SiteCatalog;
	/** A URL without an entry was asked for. */
	missing(url: string): void;
	/** A reader that had time has run out of it. */
	late(): void;
}

/** Answers requests with verified bytes. */
export class Responder {
	readonly #world: ResponderWorld;
	readonly #transfers = new Map<ContentId, Transfer>();
	readonly #layouts = new Map<ContentId, Promise<Layout | null>>();

	/** When resources, by canonical URL, were left to the network. */
	readonly #leftMs = new Map<string, number>();

	constructor(world: ResponderWorld) {
		this.#world = world;
	}

	/**
	 * Resolves once the first bytes are verified. Null: not ours to answer, ask the network. Rejects only with the signal's
	 * reason.
	 */
	async serve({ url, range: rangeHeader, signal, dueMs }: ServeRequest): Promise<Served | null> {
		const canonical = canonicalUrl(url);
		const entry = canonical && (await this.#world.catalog.lookup(canonical));
		if (!entry) {
			if (canonical) this.#world.missing(canonical);
			return null;
		}
		const { nowMs } = this.#world;
		if (nowMs() - (this.#leftMs.get(canonical) ?? Number.NEGATIVE_INFINITY) < LEFT_MS) return null;
		if (!(await this.#isCurrent(canonical, entry, signal))) return null;
		const [layout, stored] = await Promise.all([
			entry.layout ?? this.#layoutInTime(entry),
			this.#world.store.held(entry.content),
		]);
		signal.throwIfAborted();
		if (!layout) return null;
		const range = parseRange(rangeHeader, entry.size);
		const head = { ...responseHead(entry, range), content: entry.content };
		if (range.type === "unsatisfiable") return { ...head, body: new Blob().stream() };
		const { begin, end } = bounds(range, entry.size);
		const reader = this.#transfer(canonical, entry, layout, stored).read(begin, end, dueMs);
		const hadTime = dueMs && dueMs() > 0;
		const next = async () => {
			const bytes = await reader.next();
			if (hadTime && dueMs() <= 0) this.#world.late();
			return bytes;
		};
		const served = await deliver({ ...reader, next }, head, range.type === "whole", signal);
		if (served) this.#leftMs.delete(canonical);
		else this.#leftMs.set(canonical, nowMs());
		return served;
	}

	async #isCurrent(url: string, entry: Entry, signal: AbortSignal): Promise<boolean> {
		const { catalog, fetch } = this.#world;
		if (catalog.isFresh(entry)) return true;
		const limited = AbortSignal.any([signal, AbortSignal.timeout(PREPARE_MS)]);
		if (!(await revalidate(fetch, url, entry, limited))) return false;
		await catalog.refresh(url);
		return true;
	}

	/** Null also when it takes so long that the network should answer: it is there for the next request. */
	async #layoutInTime(entry: Entry): Promise<Layout | null> {
		let stop = () => {};
		const late = new Promise<null>((resolve) => {
			stop = this.#world.every(LAYOUT_PATIENCE_MS, () => resolve(null));
		});
		const layout = await Promise.race([this.layout(entry), late]);
		stop();
		return layout;
	}

	/** Collapsed: concurrent requests for a large resource fetch its layout once. */
	layout(entry: Entry): Promise<Layout | null> {
		if (entry.layout) return Promise.resolve(entry.layout);
		const { content } = entry;
		let layout = this.#layouts.get(content);
		if (!layout) {
			layout = this.#fetchLayout(content, entry.size).catch(() => null);
			this.#layouts.set(content, layout);
			void layout.then((known) => known ?? this.#layouts.delete(content));
		}
		return layout;
	}

	async #fetchLayout(content: ContentId, size: number): Promise<Layout | null> {
		const { store, swarm } = this.#world;
		const kept = await store.layout(content);
		const bytes = kept ?? (await swarm.layout(content, layoutBytes(size)));
		if (!bytes) return null;
		const layout = await decodeLayout(bytes);
		if (layout.contentId !== content || layout.size !== size) return null;
		// does not reject
		if (!kept) void store.writeLayout(content, bytes);
		return layout;
	}

	#transfer(url: string, entry: Entry, layout: Layout, stored: ReadonlySet<number>): Transfer {
		let transfer = this.#transfers.get(entry.content);
		if (!transfer) {
			transfer = new Transfer(this.#world, layout, { url, ranges: entry.ranges }, stored, () =>
				this.#transfers.delete(entry.content),
			);
			this.#transfers.set(entry.content, transfer);
		}
		return transfer;
	}
}

/** Waits for the first bytes, so that until then the network can still answer instead. */
async function deliver(
	reader: TransferReader,
	head: Omit<Served, "body">,
	whole: boolean,
	signal: AbortSignal,
): Promise<Served | null> {
	const close = () => reader.close();
	signal.addEventListener("abort", close);
	try {
		let next = await reader.next();
		const body = new ReadableStream<Uint8Array>(
			{
				async pull(controller) {
					try {
						next ??= await reader.next();
						if (next) controller.enqueue(next);
						else {
							signal.removeEventListener("abort", close);
							reader.close();
							controller.close();
						}
						next = null;
					} catch (error) {
						reader.close();
						controller.error(signal.aborted ? signal.reason : error);
					}
				},
				cancel: close,
			},
			{ highWaterMark: 0 },
		);
		return { ...head, body };
	} catch {
		const asIs = whole ? reader.takeAsIs() : null;
		reader.close();
		signal.throwIfAborted();
		return asIs && { ...asIs, content: null };
	}
}
