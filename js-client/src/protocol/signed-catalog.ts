import { decodeBase64Url } from "./base64url.ts";
import type { Bytes } from "./bytes.ts";
import type { Entry, SiteCatalog } from "./catalog.ts";
import { CatalogVerifier, compare, type Position } from "./catalog-verifier.ts";
import type { WireEntry } from "./decode-catalog.ts";
import { type CatalogState, EntryMap } from "./entry-map.ts";
import { type ContentId, idOf, type KeyId, type ShardHash, type SiteId, type UrlHash } from "./ids.ts";
import { REVALIDATED_SECONDS } from "./limits.ts";
import type { CatalogBody } from "./messages.ts";
import { putNewest } from "./newest.ts";
import { urlHash } from "./url.ts";

/** What is remembered of a site's catalog across page loads, by all the profile's tabs and its service worker. */
export interface SavedCatalog extends Position, CatalogState {}

export interface CatalogStorage {
	/** Null also when storage cannot say so soon; `patient`: however long it takes. */
	load(patient?: boolean): Promise<SavedCatalog | null>;
	/** Keeps the later of this and what is saved; of another root key, this. Does not reject, and nobody waits for it. */
	save(catalog: SavedCatalog): Promise<void>;
	/** An index or shard. */
	shard(hash: ShardHash): Promise<Bytes | null>;
	/** Does not reject, and nobody waits for it. */
	saveShard(hash: ShardHash, bytes: Bytes): Promise<void>;
}

export interface CatalogPorts {
	readonly site: SiteId;
	/** Id of the pinned root key; null: the key that the tracker names is trusted. */
	readonly key: KeyId | null;
	/** The page's own origin. */
	readonly origin: string;
	readonly storage: CatalogStorage;
	/** Fetches an index or shard from anyone. Rejects when it cannot be had. */
	fetchShard(hash: ShardHash): Promise<Bytes>;
	nowSeconds(): number;
	/** Exactly these content ids and URL hashes are taken down: nothing of them may be kept, or given to others. */
	takenDown(ids: ReadonlySet<string>): void;
}

/** Entries found by their content, the newest: a live stream brings others all the time. */
const MAX_CONTENTS = 4096;

/** Whether the entry's headers let a page of `origin` read the resource. */
export function readableBy(origin: string, url: string, entry: Entry): boolean {
	const allowed = entry.headers["access-control-allow-origin"];
	return new URL(url).origin === origin || allowed === "*" || allowed === origin;
}

/** A site's catalog as a page holds it: it checks signatures, and remembers so that nothing goes back. */
export class SignedCatalog implements SiteCatalog {
	readonly #ports: CatalogPorts;
	readonly #verifier: CatalogVerifier;
	readonly #byContent = new Map<ContentId, Entry>();
	readonly #freshUntil = new Map<UrlHash, number>();
	#entries: EntryMap | null = null;
	/** Ends when what was asked before has been done: heads and batches are taken one after the other. */
	#turn: Promise<unknown>;

	constructor(ports: CatalogPorts) {
		this.#ports = ports;
		this.#verifier = new CatalogVerifier(ports.site, ports.key);
		this.#turn = this.#restore().catch(() => {}); // what cannot be read is as if it were not there
		// storage may open later than anybody waits for it; nothing goes back even then
		ports.storage
			.load(true)
			.then((saved) => this.#inTurn(() => this.#takeOver(saved)))
			.catch(() => {});
	}

	get stale(): boolean {
		return this.#entries?.stale === true;
	}

	applyCatalog(body: CatalogBody): Promise<void> {
		return this.#inTurn(async () => {
			await this.#restore();
			const { storage, nowSeconds } = this.#ports;
			await this.#verifier.delegations(body.rootKey, body.delegations);
			const head = await this.#verifier.head(body.head, nowSeconds());
			if (!head) return;
			const bytes = body.index && decodeBase64Url(body.index);
			const index = bytes && (await idOf<ShardHash>(bytes)) === head.root ? bytes : null;
			if (index) void storage.saveShard(head.root, index);
			const { depth, root, notAfter, blocked } = head;
			const suspended = this.#entries?.state.suspended ?? new Map<UrlHash, string>();
			this.#entries = this.#open({ depth, root, notAfter, blocked, changes: new Map(), suspended }, index);
			this.#heedBlocked();
			void this.#save();
		});
	}

	applyBatch(jws: string): Promise<boolean> {
		return this.#inTurn(async () => {
			const batch = await this.#verifier.batch(jws, this.#ports.nowSeconds());
			if (batch === "known") return true;
			if (batch === "ahead" || !this.#entries) return false;
			const changes = new Map<UrlHash, WireEntry | null>(batch.removed.map((url) => [url, null]));
			for (const entry of batch.entries) changes.set(entry.url, entry);
			await this.#entries.change(changes);
			void this.#save();
			return true;
		});
	}

	async lookup(url: string): Promise<Entry | null> {
		try {
			await this.#turn;
		} catch {
			// a refused head or batch leaves what was held
		}
		try {
			const entry = await this.#entries?.find(await urlHash(url));
			return entry && readableBy(this.#ports.origin, url, entry) ? entry : null;
		} catch {
			return null; // its shard cannot be had now: the request goes to the network
		}
	}

	entryOf(content: ContentId): Entry | null {
		return this.#byContent.get(content) ?? null;
	}

	isFresh(entry: Entry): boolean {
		return this.#ports.nowSeconds() <= Math.max(entry.freshUntil, this.#freshUntil.get(entry.url) ?? 0);
	}

	async refresh(url: string): Promise<void> {
		this.#freshUntil.set(await urlHash(url), this.#ports.nowSeconds() + REVALIDATED_SECONDS);
	}

	async suspend(url: string): Promise<void> {
		const entry = await this.lookup(url);
		if (!entry) return;
		this.#entries?.suspend(entry);
		await this.#save();
	}

	/** @param root the shard of that hash, where it is at hand */
	#open(state: CatalogState, root: Bytes | null = null): EntryMap {
		const { storage, fetchShard, nowSeconds, takenDown } = this.#ports;
		const load = async (hash: ShardHash) => {
			const saved = (hash === state.root && root) || (await storage.shard(hash));
			if (saved) return saved;
			const bytes = await fetchShard(hash);
			if ((await idOf<ShardHash>(bytes)) === hash) void storage.saveShard(hash, bytes);
			return bytes;
		};
		const entries: EntryMap = new EntryMap(
			state,
			load,
			nowSeconds,
			(ids) => {
				if (this.#entries === entries) takenDown(ids);
			},
			(entry) => this.#remember(entry),
		);
		return entries;
	}

	/** Has what is taken down fetched at once; what cannot be had now is tried for again with the next lookup. */
	#heedBlocked(): void {
		void this.#entries?.blocked().catch(() => {});
	}

	#remember(entry: Entry): void {
		const { content } = entry;
		putNewest(this.#byContent, content, entry, MAX_CONTENTS);
	}

	/** Takes over what another page load or tab has got further with. */
	async #restore(): Promise<void> {
		await this.#takeOver(await this.#ports.storage.load());
	}

	async #takeOver(saved: SavedCatalog | null): Promise<void> {
		const { key } = this.#ports;
		const { last } = this.#verifier;
		// sequences of another root key say nothing of this one's
		if (!saved || saved.key !== (last?.key ?? key ?? saved.key) || compare(saved, last) <= 0) return;
		this.#verifier.last = saved;
		this.#entries = this.#open({ ...saved, changes: new Map() });
		this.#heedBlocked();
		await this.#entries.change(saved.changes);
	}

	async #save(): Promise<void> {
		const { last } = this.#verifier;
		if (last && this.#entries) await this.#ports.storage.save({ ...last, ...this.#entries.state });
	}

	#inTurn<T>(act: () => Promise<T>): Promise<T> {
		const result = this.#turn.then(act, act);
		this.#turn = result;
		return result;
	}
}
