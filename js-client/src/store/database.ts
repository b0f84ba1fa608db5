const NAME = "rivulet";
const VERSION = 1;

/**
 * How long storage may take to open until what is to be written is kept elsewhere, and until what is to be read is as if it were
 * not there: on a busy machine a browser needs seconds, and nobody waits for them. It is used from when it is open.
 */
const OPEN_MS = 2000;
const READ_MS = 200;

/**
 * - `contents`: what is held of each content, by content id; what eviction looks at
 * - `pieces`: bytes, by [content id, index]
 * - `layouts`: bytes, by content id
 * - `shards`: bytes of catalog indexes and shards, by hash
 * - `state`: single values, by name
 */
export type StoreName = "contents" | "pieces" | "layouts" | "shards" | "state";
const STORES: readonly StoreName[] = ["contents", "pieces", "layouts", "shards", "state"];

/** What an IndexedDB request gives. */
export const result = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** What this version of the client has put there, so of the type that it put. */
export const get = <T>(store: IDBObjectStore, key: IDBValidKey): Promise<T | undefined> =>
	result(store.get(key) as IDBRequest<T | undefined>);

export const getAll = <T>(store: IDBObjectStore): Promise<T[]> => result(store.getAll() as IDBRequest<T[]>);

/** Gives an object store of the transaction under way. */
export type Stores = (name: StoreName) => IDBObjectStore;

/** One IndexedDB database, opened when it is first needed. */
export class Database {
	#opened: Promise<IDBDatabase> | null = null;
	#openedMs = 0;
	/** Once it is open. */
	#database: IDBDatabase | null = null;
	/** By store: who waits for the transaction that reads there. One for many costs little more than one for each. */
	readonly #reads = new Map<StoreName, [IDBValidKey, (value: unknown) => void][]>();

	/** A single value; undefined when there is none, or no storage so soon. */
	get<T>(name: StoreName, key: IDBValidKey): Promise<T | undefined> {
		return new Promise((resolve) => {
			const answer = (value: unknown) => resolve(value as T | undefined);
			const waiting = this.#reads.get(name);
			if (waiting) waiting.push([key, answer]);
			// does not reject
			else void this.#read(name, [[key, answer]]);
		});
	}

	/** The same, however long storage takes to open. */
	patientGet<T>(name: StoreName, key: IDBValidKey): Promise<T | undefined> {
		return this.attempt([name], "readonly", (store) => get<T>(store(name), key), Number.POSITIVE_INFINITY);
	}

	async #read(name: StoreName, first: [IDBValidKey, (value: unknown) => void][]): Promise<void> {
		for (let reads = first; reads.length; reads = this.#reads.get(name) ?? []) {
			this.#reads.set(name, []);
			const values = await this.attempt([name], "readonly", (store) =>
				Promise.all(reads.map(([key]) => get<unknown>(store(name), key))),
			);
			for (const [n, [, answer]] of reads.entries()) answer(values?.[n]);
		}
		this.#reads.delete(name);
	}

	/** Rejects when there is no storage, it does not open in that time, or it refuses; then nothing was changed. */
	async run<T>(
		stores: readonly StoreName[],
		mode: "readonly" | "readwrite",
		act: (store: Stores) => Promise<T>,
		openMs = mode === "readonly" ? READ_MS : OPEN_MS,
	): Promise<T> {
		const database = this.#database ?? (await this.#opening(openMs));
		// What is kept here can be fetched again: no write waits for the disk
		const transaction = database.transaction(stores, mode, { durability: "relaxed" });
		const done = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error);
		});
		const acting = act((name) => transaction.objectStore(name)).catch((error: unknown) => {
			if (!transaction.error) transaction.abort();
			throw error;
		});
		return (await Promise.all([done, acting]))[1];
	}

	/** As `run`; undefined when there is no storage, or it refuses. */
	async attempt<T>(...run: Parameters<typeof Database.prototype.run<T>>): Promise<T | undefined> {
		try {
			return await this.run(...run);
		} catch {
			return undefined; // what storage does not keep is kept in memory, or fetched again
		}
	}

	/** @returns whether it is kept */
	async put(name: StoreName, key: IDBValidKey, value: unknown): Promise<boolean> {
		return (await this.attempt([name], "readwrite", (store) => result(store(name).put(value, key)))) !== undefined;
	}

	close(): void {
		this.#opened?.then((database) => database.close()).catch(() => {}); // never opened: nothing to close
		this.#opened = this.#database = null;
	}

	/** Rejects when it is not open so long after it was begun to be opened. */
	#opening(ms: number): Promise<IDBDatabase> {
		if (!this.#opened) {
			this.#openedMs = performance.now();
			const opened = this.#open();
			this.#opened = opened;
			const use = (database: IDBDatabase) => {
				if (this.#opened === opened) this.#database = database;
			};
			opened.then(use).catch(() => {}); // whoever awaits it is told
		}
		if (ms === Number.POSITIVE_INFINITY) return this.#opened;
		const late = new Promise<never>((_, reject) => {
			setTimeout(reject, this.#openedMs + ms - performance.now(), new Error("storage does not open"));
		});
		return Promise.race([this.#opened, late]);
	}

	#open(): Promise<IDBDatabase> {
		return new Promise((resolve, reject) => {
			const request = indexedDB.open(NAME, VERSION);
			request.onupgradeneeded = () => {
				for (const name of STORES) request.result.createObjectStore(name);
			};
			request.onerror = () => reject(request.error);
			request.onsuccess = () => {
				const database = request.result;
				database.onversionchange = () => this.close();
				database.onclose = () => this.close();
				resolve(database);
			};
		});
	}
}
