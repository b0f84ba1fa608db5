import type { Bytes } from "../protocol/bytes.ts";

/** What a page keeps in memory as well, in bytes: reading from disk costs as much as a quarter of sending. */
export const RECENT_BYTES = 16_777_216;

/** Bytes lately written or read, within a bound: so neighbours who follow close behind cost no disk. */
export class RecentPieces {
	readonly #maxBytes: number;
	/** The least recently used first. */
	readonly #pieces = new Map<string, Bytes>();
	#bytes = 0;

	constructor(maxBytes = RECENT_BYTES) {
		this.#maxBytes = maxBytes;
	}

	/** What follows `prefix` in the keys that begin with it. */
	keys(prefix: string): string[] {
		return [...this.#pieces.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
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
		for (const key of this.keys(prefix)) this.#delete(prefix + key);
	}

	put(key: string, bytes: Bytes): void {
		this.#delete(key);
		this.#pieces.set(key, bytes);
		this.#bytes += bytes.length;
		for (const oldest of this.#pieces.keys()) {
			if (this.#bytes <= this.#maxBytes) break;
			this.#delete(oldest);
		}
	}

	#delete(key: string): void {
		this.#bytes -= this.#pieces.get(key)?.length ?? 0;
		this.#pieces.delete(key);
	}
}
