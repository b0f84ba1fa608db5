import { decodeBase64Url } from "./base64url.ts";
import type { Bytes } from "./bytes.ts";
import type { Entry } from "./catalog.ts";
import { decodeBlocked, decodeShard, type Head, proveEntries, type WireEntry } from "./decode-catalog.ts";
import { DecodeError } from "./decode-error.ts";
import { HASH_BYTES, idOf, idOfHash, type ShardHash, type UrlHash } from "./ids.ts";
import { STALE_GIVING_SECONDS } from "./limits.ts";

/** Gives the bytes of an index or shard, from anyone: they are checked. Rejects when they cannot be had. */
export type LoadShard = (hash: ShardHash) => Promise<Bytes>;

/** After a shard could not be had, none is asked for during this time. */
export const SHARD_RETRY_SECONDS = 5;

const EMPTY: ShardHash = idOfHash(new Uint8Array(HASH_BYTES));

/** What a signed head names, and what changed since it. */
export interface CatalogState extends Pick<Head, "depth" | "root" | "notAfter" | "blocked"> {
	/** Entries of batches, null for removed ones. */
	readonly changes: ReadonlyMap<UrlHash, WireEntry | null>;
	/** What the origin contradicted, as `version` tells it. */
	readonly suspended: ReadonlyMap<UrlHash, string>;
}

/** Tells one signing of an entry from another. */
const version = (entry: Entry): string => entry.content + entry.freshUntil;

const firstBits = (url: UrlHash, count: number): number => {
	const [first = 0, second = 0] = decodeBase64Url(url) ?? [];
	return ((first << 8) | second) >> (16 - count);
};

/** The entries under one head: its shards, loaded as they are needed, and the changes since. */
export class EntryMap {
	readonly #load: LoadShard;
	readonly #nowSeconds: () => number;
	readonly #found: (entry: Entry) => void;
	readonly #takenDown: (ids: ReadonlySet<string>) => void;
	readonly #shards = new Map<ShardHash, Promise<ReadonlyMap<UrlHash, Entry>>>();
	readonly #changed = new Map<UrlHash, Entry | null>();
	readonly #openedAt: number;
	#heeded = false;
	#index: Promise<Bytes> | null = null;
	#blocked: Promise<ReadonlySet<string>> | null = null;
	#retryAt = 0;
	state: CatalogState;

	/**
	 * @param found is told of every entry that becomes known
	 * @param takenDown is told what is blocked, once that is known
	 */
	constructor(
		state: CatalogState,
		load: LoadShard,
		nowSeconds: () => number,
		takenDown: (ids: ReadonlySet<string>) => void,
		found: (entry: Entry) => void = () => {},
	) {
		this.state = state;
		this.#load = load;
		this.#nowSeconds = nowSeconds;
		this.#takenDown = takenDown;
		this.#found = found;
		this.#openedAt = nowSeconds();
	}

	get expired(): boolean {
		return this.#nowSeconds() > this.state.notAfter;
	}

	/** Whether it has not been known for too long what is taken down, so that nothing may be given to others (§4.7). */
	get stale(): boolean {
		if (!this.#heeded) this.blocked().catch(() => {}); // once more: the list could not be had before
		const since = this.#heeded ? this.state.notAfter : Math.min(this.state.notAfter, this.#openedAt);
		return this.#nowSeconds() > since + STALE_GIVING_SECONDS;
	}

	/** Content ids and URL hashes that are taken down (§4.7). Rejects when they cannot be had now. */
	blocked(): Promise<ReadonlySet<string>> {
		const { blocked } = this.state;
		const forget = () => {
			this.#blocked = null;
		};
		const list = async () => {
			const ids = decodeBlocked(blocked ? await this.#get(blocked, forget) : new Uint8Array());
			this.#heeded = true;
			this.#takenDown(ids);
			return ids;
		};
		this.#blocked ??= list();
		return this.#blocked;
	}

	/** Rejects when the shard, or what is taken down, cannot be had now. */
	async find(url: UrlHash): Promise<Entry | null> {
		if (this.expired) return null;
		const blocked = await this.blocked();
		const changed = this.#changed.get(url);
		const entry = changed === undefined ? (await this.#shardOf(url)).get(url) : changed;
		if (!entry || this.state.suspended.get(url) === version(entry)) return null;
		return blocked.has(url) || blocked.has(entry.content) ? null : entry;
	}

	/** Applies signed changes, in the form they were sent. @throws DecodeError when one of them is wrong: none is applied */
	async change(changes: ReadonlyMap<UrlHash, WireEntry | null>): Promise<void> {
		const entries = await proveEntries([...changes.values()].filter((one) => one !== null));
		for (const url of changes.keys()) this.#changed.set(url, null);
		for (const entry of entries) {
			this.#changed.set(entry.url, entry);
			this.#found(entry);
		}
		this.state = { ...this.state, changes: new Map([...this.state.changes, ...changes]) };
	}

	suspend(entry: Entry): void {
		this.state = { ...this.state, suspended: new Map(this.state.suspended).set(entry.url, version(entry)) };
	}

	async #shardOf(url: UrlHash): Promise<ReadonlyMap<UrlHash, Entry>> {
		const at = firstBits(url, this.state.depth) * HASH_BYTES;
		this.#index ??= this.#get(this.state.root, () => {
			this.#index = null;
		});
		const index = await this.#index;
		const hash: ShardHash = idOfHash(index.subarray(at, at + HASH_BYTES));
		if (hash === EMPTY) return new Map();
		let shard = this.#shards.get(hash);
		if (!shard) {
			shard = this.#get(hash, () => this.#shards.delete(hash)).then((bytes) => this.#read(bytes));
			this.#shards.set(hash, shard);
		}
		return shard;
	}

	async #read(bytes: Bytes): Promise<ReadonlyMap<UrlHash, Entry>> {
		const shard = await decodeShard(bytes);
		for (const entry of shard.values()) this.#found(entry);
		return shard;
	}

	/** Calls `forget` after a failure, so that a later lookup tries again. */
	#get(hash: ShardHash, forget: () => void): Promise<Bytes> {
		const bytes = this.#verified(hash);
		bytes.catch(forget);
		return bytes;
	}

	async #verified(hash: ShardHash): Promise<Bytes> {
		if (this.#nowSeconds() < this.#retryAt) throw new DecodeError("shard", "not to be had a moment ago");
		try {
			const bytes = await this.#load(hash);
			if ((await idOf<ShardHash>(bytes)) !== hash) throw new DecodeError("shard", "hash");
			return bytes;
		} catch (error) {
			this.#retryAt = this.#nowSeconds() + SHARD_RETRY_SECONDS;
			throw error;
		}
	}
}
