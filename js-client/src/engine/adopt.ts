import type { Bytes } from "../protocol/bytes.ts";
import type { Entry, SiteCatalog } from "../protocol/catalog.ts";
import type { Layout } from "../protocol/layout.ts";
import type { Admission } from "../protocol/pattern.ts";
import { canonicalUrl } from "../protocol/url.ts";
import type { PieceStore } from "../store/piece-store.ts";
import { Holdings } from "../transfer/holdings.ts";
import { OWN_REQUEST } from "../transfer/origin.ts";
import type { Swarm } from "../transfer/source.ts";

/** Larger resources are left where they are: reading them would disturb the page. */
export const MAX_ADOPTED_BYTES = 33_554_432;

/** Where verified pieces go to. */
export interface Shelf {
	readonly store: PieceStore;
	readonly swarm: Pick<Swarm, "share">;
}

export interface AdoptionWorld extends Shelf {
	/** The page's own origin. */
	readonly origin: string;
	readonly catalog: SiteCatalog;
	readonly admission: Admission;
	fetch: typeof fetch;
	layout(entry: Entry): Promise<Layout | null>;
	/** A URL that the site admits has no entry. */
	missing(url: string): void;
	/** It has one, so that the origin might have been spared. */
	known(): void;
}

/**
 * Takes a resource that the page has loaded, before anything of ours was there, from the browser's HTTP cache, without asking
 * the network; verifies it, keeps it and offers it to others. Of another version than the entry's nothing is kept.
 */
export async function adopt(world: AdoptionWorld, name: string): Promise<void> {
	const { admission, catalog, origin, store, swarm } = world;
	const url = canonicalUrl(name);
	if (!url || !admission.admits(url)) return;
	const entry = await catalog.lookup(url);
	if (!entry) return world.missing(url);
	world.known();
	if (entry.size > MAX_ADOPTED_BYTES || !catalog.isFresh(entry)) return;
	const layout = await world.layout(entry);
	if (!layout) return;
	const held = await heldOf(store, layout);
	// `only-if-cached` is for requests to one's own origin only
	const bytes = held.complete || new URL(url).origin !== origin ? null : await cached(world.fetch, url);
	const kept = bytes?.length === layout.size && (await keep(world, layout, bytes));
	if (!kept && held.count) swarm.share(layout.contentId, held, []);
}

async function heldOf(store: PieceStore, { contentId, pieceCount }: Layout): Promise<Holdings> {
	const holdings = new Holdings(pieceCount);
	for (const piece of await store.held(contentId)) holdings.add(piece);
	return holdings;
}

/**
 * Keeps and offers the beginning of a resource. Says whether its pieces, those that are whole, are those of the layout;
 * otherwise none is kept.
 */
export async function keep({ store, swarm }: Shelf, layout: Layout, bytes: Bytes): Promise<boolean> {
	const { contentId, pieceCount, size } = layout;
	if (bytes.length > size) return false;
	const pieces: Bytes[] = [];
	for (let piece = 0; piece < pieceCount; piece++) {
		const part = bytes.slice(layout.offset(piece), layout.offset(piece) + layout.length(piece));
		if (part.length < layout.length(piece)) break;
		if (!(await layout.verify(piece, part))) return false;
		pieces.push(part);
	}
	const holdings = await heldOf(store, layout);
	const news: number[] = [];
	for (const [piece, part] of pieces.entries()) {
		if (!holdings.add(piece)) continue;
		news.push(piece);
		// does not reject, and what is not written yet is read all the same
		void store.write(contentId, pieceCount, piece, part);
	}
	swarm.share(contentId, holdings, news);
	return true;
}

async function cached(fetcher: typeof fetch, url: string): Promise<Uint8Array<ArrayBuffer> | null> {
	try {
		const response = await fetcher(url + OWN_REQUEST, { cache: "only-if-cached", mode: "same-origin" });
		return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : null;
	} catch {
		return null; // not in the cache
	}
}
