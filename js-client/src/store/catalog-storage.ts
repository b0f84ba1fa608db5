import type { Bytes } from "../protocol/bytes.ts";
import { compare } from "../protocol/catalog-verifier.ts";
import type { ShardHash, SiteId } from "../protocol/ids.ts";
import type { CatalogStorage, SavedCatalog } from "../protocol/signed-catalog.ts";
import { type Database, get, result } from "./database.ts";

/** Shards kept before all are dropped: 16 MiB. Those still needed come again by hash. */
const MAX_SHARDS = 512;

/** A broadcast channel of this name tells the profile's other contexts when a site's catalog has changed. */
export const CATALOG_CHANNEL = "rivulet-catalog";

/** Whether `a` may take the place of `b`. */
const notBefore = (a: SavedCatalog, b: SavedCatalog): boolean =>
	a.key !== b.key || (compare(a, b) || a.batch - b.batch) >= 0;

/**
 * A site's catalog in IndexedDB, the same for all tabs of a profile and its service worker. Where the browser refuses to keep
 * it, the page goes on with what it holds itself.
 */
export class DurableCatalogStorage implements CatalogStorage {
	readonly #database: Database;
	readonly #name: string;

	constructor(database: Database, site: SiteId) {
		this.#database = database;
		this.#name = `catalog ${site}`;
	}

	async load(patient = false): Promise<SavedCatalog | null> {
		const database = this.#database;
		const where = ["state", this.#name] as const;
		return (
			(await (patient ? database.patientGet<SavedCatalog>(...where) : database.get<SavedCatalog>(...where))) ?? null
		);
	}

	async save(catalog: SavedCatalog): Promise<void> {
		await this.#database.attempt(["state"], "readwrite", async (store) => {
			const saved = await get<SavedCatalog>(store("state"), this.#name);
			if (!saved || notBefore(catalog, saved)) store("state").put(catalog, this.#name);
		});
		const channel = new BroadcastChannel(CATALOG_CHANNEL);
		channel.postMessage(null);
		channel.close();
	}

	async shard(hash: ShardHash): Promise<Bytes | null> {
		return (await this.#database.get<Bytes>("shards", hash)) ?? null;
	}

	async saveShard(hash: ShardHash, bytes: Bytes): Promise<void> {
		await this.#database.attempt(["shards"], "readwrite", async (store) => {
			if ((await result(store("shards").count())) >= MAX_SHARDS) store("shards").clear();
			store("shards").put(bytes, hash);
		});
	}
}
