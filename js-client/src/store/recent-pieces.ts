import type { Bytes } from "../protocol/bytes.ts";

/** What a page keeps in memory as well, in bytes: reading from disk costs as much as a quarter of sending. */
export const RECENT_BYTES = 16_777_216;

/** Pieces lately written or read, so that neighbours who follow close behind cost no disk. */
export class RecentPieces {
	readonly #maxBytes: number;
	/** The least recently used first. */
	readonly #pieces = new Map<string, Bytes>();
	#bytes = 0;

	constructor(maxBytes = RECENT_BYTES) {
		this.#maxBytes = maxBytes;
	}

	get(key: string): Bytes | undefined {
		const bytes = this.#pieces.get(key);
		if (bytes) {
			this.#pieces.delete(key);
			this.#pieces.set(key, bytes);
		}
		return bytes;
	}

	/** Forgets what has a key that begins so. */
	drop(prefix: string): void {
		for (const [key, { length }] of this.#pieces) {
			if (!key.startsWith(prefix)) continue;
			this.#pieces.delete(key);
			this.#bytes -= length;
		}
	}

	put(key: string, bytes: Bytes): void {
		this.#bytes += bytes.length - (this.#pieces.get(key)?.length ?? 0);
		this.#pieces.delete(key);
		this.#pieces.set(key, bytes);
		for (const [oldest, { length }] of this.#pieces) {
			if (this.#bytes <= this.#maxBytes) break;
			this.#pieces.delete(oldest);
			this.#bytes -= length;
		}
	}
}
