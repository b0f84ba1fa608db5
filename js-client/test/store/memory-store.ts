import type { Bytes } from "../../src/protocol/bytes.ts";
import type { ContentId } from "../../src/protocol/ids.ts";
import type { PieceStore } from "../../src/store/piece-store.ts";

/** Keeps everything that it is given. */
export class MemoryPieceStore implements PieceStore {
	readonly #pieces = new Map<ContentId, Map<number, Bytes>>();
	readonly #layouts = new Map<ContentId, Bytes>();

	async held(content: ContentId): Promise<Set<number>> {
		return new Set(this.#pieces.get(content)?.keys());
	}

	async read(content: ContentId, index: number): Promise<Bytes | null> {
		return this.#pieces.get(content)?.get(index) ?? null;
	}

	async write(content: ContentId, _pieceCount: number, index: number, verified: Bytes): Promise<void> {
		const pieces = this.#pieces.get(content) ?? new Map<number, Bytes>();
		this.#pieces.set(content, pieces.set(index, verified));
	}

	async layout(content: ContentId): Promise<Bytes | null> {
		return this.#layouts.get(content) ?? null;
	}

	async writeLayout(content: ContentId, bytes: Bytes): Promise<void> {
		this.#layouts.set(content, bytes);
	}
}
