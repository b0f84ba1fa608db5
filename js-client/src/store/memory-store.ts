import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId } from "../protocol/ids.ts";
import type { PieceStore, StoredContent } from "./piece-store.ts";
import { value } from "./value.ts";

/** Bound where nothing durable is to be had. */
export const MEMORY_STORE_BYTES = 67_108_864;

interface Held {
	readonly pieces: Map<number, Bytes>;
	pieceCount: number;
	layout: Bytes | null;
	uses: number;
	lastUsedMs: number;
	bytes: number;
}

/** Pieces for one page load. */
export class MemoryPieceStore implements PieceStore {
	readonly #contents = new Map<ContentId, Held>();
	readonly #boundBytes: number;
	readonly #nowMs: () => number;
	#bytes = 0;

	constructor(boundBytes = MEMORY_STORE_BYTES, nowMs: () => number = Date.now) {
		this.#boundBytes = boundBytes;
		this.#nowMs = nowMs;
	}

	async held(content: ContentId): Promise<Set<number>> {
		return new Set(this.#contents.get(content)?.pieces.keys());
	}

	async read(content: ContentId, index: number): Promise<Bytes | null> {
		const held = this.#contents.get(content);
		if (held) held.lastUsedMs = this.#nowMs();
		return held?.pieces.get(index) ?? null;
	}

	async write(content: ContentId, pieceCount: number, index: number, verified: Bytes): Promise<void> {
		const held = this.#open(content);
		held.pieceCount = pieceCount;
		if (held.pieces.has(index) || !this.#makeRoom(verified.length, held)) return;
		held.pieces.set(index, verified);
		held.bytes += verified.length;
		this.#bytes += verified.length;
	}

	async layout(content: ContentId): Promise<Bytes | null> {
		return this.#contents.get(content)?.layout ?? null;
	}

	async writeLayout(content: ContentId, bytes: Bytes): Promise<void> {
		this.#open(content).layout = bytes;
	}

	async contents(limit: number): Promise<StoredContent[]> {
		return [...this.#contents]
			.filter(([, { pieces }]) => pieces.size)
			.sort(([, a], [, b]) => value(b) - value(a))
			.slice(0, limit)
			.map(([content, { pieces, pieceCount }]) => ({ content, complete: pieces.size === pieceCount }));
	}

	close(): void {
		this.#contents.clear();
		this.#bytes = 0;
	}

	#open(content: ContentId): Held {
		let held = this.#contents.get(content);
		if (!held) {
			held = { pieces: new Map(), pieceCount: 0, layout: null, uses: 1, lastUsedMs: 0, bytes: 0 };
			this.#contents.set(content, held);
		}
		held.lastUsedMs = this.#nowMs();
		return held;
	}

	/** Drops contents other than `wanted` until `bytes` more fit; false when they never will. */
	#makeRoom(bytes: number, wanted: Held): boolean {
		const others = [...this.#contents]
			.filter(([, held]) => held !== wanted)
			.sort(([, a], [, b]) => value(a) - value(b));
		for (const [content, held] of others) {
			if (this.#bytes + bytes <= this.#boundBytes) break;
			this.#contents.delete(content);
			this.#bytes -= held.bytes;
		}
		return this.#bytes + bytes <= this.#boundBytes;
	}
}
