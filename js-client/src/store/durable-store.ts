import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId } from "../protocol/ids.ts";
import { type Database, get, getAll, type Stores } from "./database.ts";
import type { PieceStore } from "./piece-store.ts";
import { RecentPieces } from "./recent-pieces.ts";
import { value, type Worth } from "./value.ts";

/** The most that the tabs of a profile keep on a site together, in bytes. */
export const MAX_STORE_BYTES = 256_000_000;
/** The most, as a part of what the browser lets the site store. */
export const MAX_QUOTA_SHARE = 0.05;

/** The most that is kept in memory because the browser refuses to, in bytes. */
export const MEMORY_BYTES = 67_108_864;

/** Name under `state` of the bytes of all pieces together. */
const TOTAL = "bytes";

interface Held extends Worth {
	readonly content: ContentId;
	readonly pieceCount: number;
	/** Bit i of byte i >> 3. */
	readonly pieces: Bytes;
}

/** Pieces up to this length are kept as they are, in bytes. Browsers keep larger values in files of their own. */
const INLINE_BYTES = 65_536;

/** The most written in one transaction, in pieces and in bytes, unless one piece has more. */
const BATCH = 128;
const BATCH_BYTES = 4_194_304;
/** What comes within this time of what came before is one burst. */
const GATHER_MS = 250;
/** A burst is over after so many times that, whatever still comes. */
const MAX_GATHERINGS = 4;
/** Pieces that wait to be written before further ones are kept in memory only. */
const MAX_WAITING = 256;

interface Write {
	readonly content: ContentId;
	readonly pieceCount: number;
	readonly index: number;
	readonly bytes: Bytes;
	kept(): void;
}

const has = ({ pieces }: Held, index: number): boolean => (((pieces[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;

const indexes = (held: Held): number[] => [...Array(held.pieceCount).keys()].filter((index) => has(held, index));

/** How much this profile lets the site keep, in bytes. */
async function boundOf(storage: StorageManager | undefined): Promise<number> {
	const { quota = 0 } = (await storage?.estimate()) ?? {};
	return Math.min(MAX_STORE_BYTES, quota * MAX_QUOTA_SHARE);
}

/**
 * Pieces in IndexedDB, shared by all tabs of a profile and the service worker: what is held and how much is accounted for in
 * the transaction that writes a piece. What the browser refuses to keep is kept in memory, for this page load.
 */
export class DurablePieceStore implements PieceStore {
	readonly #database: Database;
	/** What the browser does not keep. */
	readonly #refused = new RecentPieces(MEMORY_BYTES);
	readonly #refusedLayouts = new RecentPieces();
	/** What is kept in memory as well; none where nobody is served. */
	recent: RecentPieces | null = null;
	readonly #nowMs: () => number;
	/** What is taken down. */
	#blocked: ReadonlySet<string> = new Set();
	/** Contents that this page load has used already. */
	readonly #used = new Set<ContentId>();
	/** Those that are still to be counted. */
	readonly #uses: ContentId[] = [];
	#boundBytes: Promise<number>;
	/** What is to be kept, in the order it came; it can be read meanwhile. */
	#waiting: Write[] = [];
	#waitingBytes = 0;
	#draining = false;
	readonly #gather: () => Promise<unknown>;
	/** Called when a batch is full. */
	#full: () => void = () => {};

	/** @param gather waits until a batch that is not full is written all the same */
	constructor(
		database: Database,
		boundBytes = boundOf(navigator.storage),
		nowMs: () => number = Date.now,
		gather: () => Promise<unknown> = () => new Promise((resolve) => setTimeout(resolve, GATHER_MS)),
	) {
		this.#database = database;
		this.#boundBytes = boundBytes.catch(() => 0);
		this.#nowMs = nowMs;
		this.#gather = gather;
	}

	async held(content: ContentId): Promise<Set<number>> {
		const held = await this.#database.get<Held>("contents", content);
		const waiting = this.#waiting.filter((write) => write.content === content).map(({ index }) => index);
		return new Set([...waiting, ...this.#refused.keys(content).map(Number), ...(held ? indexes(held) : [])]);
	}

	async read(content: ContentId, index: number): Promise<Bytes | null> {
		if (this.#blocked.has(content)) return null;
		const waiting = this.#waiting.find((write) => write.content === content && write.index === index);
		const key = content + index;
		const recent = waiting?.bytes ?? this.recent?.get(key) ?? this.#refused.get(key);
		if (recent) return recent;
		const piece = await this.#database.get<Blob | Bytes>("pieces", [content, index]);
		// A browser may lose the file behind a blob
		const kept = piece instanceof Blob ? await piece.arrayBuffer().catch(() => null) : piece;
		if (!kept) return null;
		if (!this.#used.has(content)) this.#use(content);
		const bytes = new Uint8Array(kept);
		this.recent?.put(key, bytes);
		return bytes;
	}

	write(content: ContentId, pieceCount: number, index: number, bytes: Bytes): Promise<void> {
		return new Promise((kept) => {
			if (this.#blocked.has(content)) return kept();
			if (this.#waiting.length >= MAX_WAITING) {
				this.#refused.put(content + index, bytes);
				return kept();
			}
			this.#waiting.push({ content, pieceCount, index, bytes, kept });
			this.#waitingBytes += bytes.length;
			if (this.#isFull) this.#full();
			// does not reject
			if (!this.#draining) void this.#drain();
		});
	}

	/** Keeps in memory what another context is about to write; writes it when that has not until `late`. Does not reject. */
	async backUp(late: Promise<unknown>, ...piece: Parameters<PieceStore["write"]>): Promise<void> {
		const [content, , index, verified] = piece;
		if (this.#blocked.has(content)) return;
		this.recent?.put(content + index, verified);
		await late;
		if (!(await this.held(content)).has(index)) await this.write(...piece);
	}

	async layout(content: ContentId): Promise<Bytes | null> {
		const kept = await this.#database.get<Bytes>("layouts", content);
		return kept ?? this.#refusedLayouts.get(content) ?? null;
	}

	async writeLayout(content: ContentId, bytes: Bytes): Promise<void> {
		if (!(await this.#database.put("layouts", content, bytes))) this.#refusedLayouts.put(content, bytes);
	}

	/** Drops what has one of these ids, and keeps nothing of it from now on. */
	async block(ids: ReadonlySet<string>): Promise<void> {
		this.#blocked = ids;
		if (!ids.size) return;
		for (const id of ids) {
			this.#refused.drop(id);
			this.recent?.drop(id);
		}
		await this.#database.attempt(["contents", "pieces", "layouts", "state"], "readwrite", async (store) => {
			let total = (await get<number>(store("state"), TOTAL)) ?? 0;
			for (const { content, bytes } of await getAll<Held>(store("contents"))) {
				if (!ids.has(content)) continue;
				this.#drop(store, content);
				total -= bytes;
			}
			store("state").put(total, TOTAL);
		});
	}

	close(): void {
		this.#database.close();
	}

	get #isFull(): boolean {
		return this.#waiting.length >= BATCH || this.#waitingBytes >= BATCH_BYTES;
	}

	/** Ends with the burst that has begun: a page that loads needs the processor itself. */
	async #burst(): Promise<void> {
		let before = 0;
		for (let n = 0; n < MAX_GATHERINGS && before < this.#waiting.length && !this.#isFull; n++) {
			before = this.#waiting.length;
			const full = new Promise<void>((resolve) => {
				this.#full = resolve;
			});
			await Promise.race([this.#gather(), full]);
		}
	}

	#nextBatch(): Write[] {
		const batch: Write[] = [];
		let room = BATCH_BYTES;
		for (const write of this.#waiting) {
			room -= write.bytes.length;
			if (batch.length && (room < 0 || batch.length === BATCH)) break;
			batch.push(write);
		}
		return batch;
	}

	/** Keeps what waits, batch by batch: a transaction for each piece would cost twice as much. */
	async #drain(): Promise<void> {
		this.#draining = true;
		while (this.#waiting.length) {
			await this.#burst();
			const batch = this.#nextBatch();
			const together = await this.#keep(batch);
			for (const write of batch) {
				// what does not fit together may fit alone
				const kept = together || (batch.length > 1 && (await this.#keep([write])));
				(kept ? this.recent : this.#refused)?.put(write.content + write.index, write.bytes);
			}
			this.#waiting.splice(0, batch.length);
			for (const { bytes, kept } of batch) {
				this.#waitingBytes -= bytes.length;
				kept();
			}
		}
		this.#draining = false;
	}

	/** @returns false when there is no place here for all of it. */
	async #keep(batch: readonly Write[]): Promise<boolean> {
		for (let attempt = 0; attempt < 2; attempt++) {
			try {
				await this.#put(batch);
				return true;
			} catch (error) {
				if (!(error instanceof DOMException && error.name === "QuotaExceededError")) break;
				await this.#halve();
			}
		}
		return false;
	}

	async #put(batch: readonly Write[]): Promise<void> {
		const bound = await this.#boundBytes;
		await this.#database.run(["contents", "pieces", "layouts", "state"], "readwrite", async (store) => {
			let total = (await get<number>(store("state"), TOTAL)) ?? 0;
			const contents = new Map<ContentId, Held>();
			for (const { content, pieceCount, index, bytes } of batch) {
				if (this.#blocked.has(content)) continue;
				const held = contents.get(content) ??
					(await get<Held>(store("contents"), content)) ?? {
						...{ content, pieceCount, pieces: new Uint8Array((pieceCount + 7) >> 3) },
						...{ uses: 0, lastUsedMs: 0, bytes: 0 },
					};
				contents.set(content, held);
				if (has(held, index)) continue; // by another tab
				held.pieces[index >> 3] = (held.pieces[index >> 3] ?? 0) | (1 << (index & 7));
				// Chromium makes a blob of as many bytes anyway, Firefox would compress them: either costs more
				store("pieces").put(bytes.length > INLINE_BYTES ? new Blob([bytes]) : bytes.slice(), [content, index]);
				contents.set(content, { ...held, bytes: held.bytes + bytes.length });
				total += bytes.length;
			}
			if (total > bound) total = await this.#makeRoom(store, total, bound, contents);
			if (total > bound) throw new RangeError("larger than the store");
			for (const held of contents.values()) store("contents").put(this.#touched(held), held.content);
			store("state").put(total, TOTAL);
		});
	}

	/** The browser has less room than it said: go on with half of what is kept. */
	async #halve(): Promise<void> {
		await this.#database.attempt(["contents", "pieces", "layouts", "state"], "readwrite", async (store) => {
			const total = (await get<number>(store("state"), TOTAL)) ?? 0;
			const bound = total / 2;
			this.#boundBytes = Promise.resolve(bound);
			store("state").put(await this.#makeRoom(store, total, bound), TOTAL);
		});
	}

	#use(content: ContentId): void {
		this.#used.add(content);
		this.#uses.push(content);
		// does not reject
		if (this.#uses.length === 1) void this.#countUses();
	}

	async #countUses(): Promise<void> {
		await this.#gather();
		const used = this.#uses.splice(0);
		await this.#database.attempt(["contents"], "readwrite", async (store) => {
			for (const content of used) {
				const held = await get<Held>(store("contents"), content);
				if (held) store("contents").put({ ...held, uses: held.uses + 1, lastUsedMs: this.#nowMs() }, content);
			}
		});
	}

	#touched(held: Held): Held {
		const uses = held.uses + (this.#used.has(held.content) ? 0 : 1);
		this.#used.add(held.content);
		return { ...held, uses, lastUsedMs: this.#nowMs() };
	}

	/** Drops the least valuable contents but those `wanted` until `bound` holds. @returns what of `total` is left */
	async #makeRoom(store: Stores, total: number, bound: number, wanted?: ReadonlyMap<ContentId, Held>): Promise<number> {
		let left = total;
		const all = await getAll<Held>(store("contents"));
		for (const { content, bytes } of all.sort((a, b) => value(a) - value(b))) {
			if (left <= bound) break;
			if (wanted?.has(content)) continue;
			this.#drop(store, content);
			left -= bytes;
		}
		return left;
	}

	#drop(store: Stores, content: ContentId): void {
		this.recent?.drop(content);
		store("contents").delete(content);
		store("layouts").delete(content);
		store("pieces").delete(IDBKeyRange.bound([content, 0], [content, Infinity]));
	}
}
