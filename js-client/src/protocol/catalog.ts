import type { ContentId, UrlHash } from "./ids.ts";
import type { Layout } from "./layout.ts";
import type { CatalogBody } from "./messages.ts";

/** The signed statement that a URL has a content id (docs/protocol.md §4.3), verified. */
export interface Entry {
	readonly url: UrlHash;
	readonly content: ContentId;
	/** Bytes. */
	readonly size: number;
	/** Present exactly when it has at most `MAX_INLINE_HASHES` hashes. */
	readonly layout?: Layout;
	/** Response headers a reader may see, by lower-case name. */
	readonly headers: Readonly<Record<string, string>>;
	readonly etag?: string;
	readonly lastModified?: string;
	/** Seconds since 1970. */
	readonly freshUntil: number;
	/** Whether the origin serves byte ranges of the identity encoding. */
	readonly ranges: boolean;
}

/** What is known of a site's entries; every answer was verified against a signed head. */
export interface SiteCatalog {
	/** Whether it has not been known for `STALE_GIVING_SECONDS` what is taken down, so that nothing may be given to others. */
	readonly stale: boolean;

	/** @throws CatalogError when the body is refused; what was held before then stays. */
	applyCatalog(body: CatalogBody): Promise<void>;

	/** @returns false when the batch extends a later head than the one held, which is then to be fetched. @throws CatalogError */
	applyBatch(jws: string): Promise<boolean>;

	/**
	 * The entry of a canonical URL, fresh or not; null when there is none, when it is suspended, when its headers do not let
	 * this page read it, or when its shard cannot be had now. Never rejects.
	 */
	lookup(url: string): Promise<Entry | null>;

	/** The entry of a content among those looked up last, and those in the same shards or in batches. */
	entryOf(content: ContentId): Entry | null;

	/** Whether it may be served without asking the origin. */
	isFresh(entry: Entry): boolean;

	/** The origin has just confirmed this URL's entry (§4.4): fresh for `REVALIDATED_SECONDS` more. */
	refresh(url: string): Promise<void>;

	/** The origin has just contradicted this URL's entry: no lookup finds it until the indexer signs it anew. */
	suspend(url: string): Promise<void>;
}
