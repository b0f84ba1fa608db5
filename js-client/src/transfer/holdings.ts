/** Which pieces of one content somebody holds. */
export class Holdings {
	readonly pieceCount: number;
	readonly #held: Uint8Array;
	#count = 0;

	constructor(pieceCount: number) {
		this.pieceCount = pieceCount;
		this.#held = new Uint8Array(pieceCount);
	}

	get complete(): boolean {
		return this.#count === this.pieceCount;
	}

	get count(): number {
		return this.#count;
	}

	/** The first piece that is not held; `pieceCount` when all are. */
	get firstLacked(): number {
		const first = this.#held.indexOf(0);
		return first < 0 ? this.pieceCount : first;
	}

	has(piece: number): boolean {
		return this.#held[piece] === 1;
	}

	/** @returns whether that is news; a piece that does not exist is none. */
	add(piece: number): boolean {
		if (piece >= this.pieceCount || this.has(piece)) return false;
		this.#held[piece] = 1;
		this.#count++;
		return true;
	}

	remove(piece: number): void {
		if (!this.has(piece)) return;
		this.#held[piece] = 0;
		this.#count--;
	}

	copy(): Holdings {
		const copy = new Holdings(this.pieceCount);
		copy.#held.set(this.#held);
		copy.#count = this.#count;
		return copy;
	}

	/** Pieces that `other` has and this has not. */
	lackedOf(other: Holdings): number[] {
		const lacked: number[] = [];
		for (let piece = 0; piece < this.pieceCount; piece++) if (other.has(piece) && !this.has(piece)) lacked.push(piece);
		return lacked;
	}

	addAll(): void {
		this.#held.fill(1);
		this.#count = this.pieceCount;
	}

	/** The wire form of docs/protocol.md §6.2: piece 0 is the highest bit of the first byte. */
	toBitfield(): Uint8Array<ArrayBuffer> {
		const bits = new Uint8Array(Math.ceil(this.pieceCount / 8));
		for (let piece = 0; piece < this.pieceCount; piece++) {
			if (this.has(piece)) bits[piece >> 3] = (bits[piece >> 3] ?? 0) | (128 >> (piece & 7));
		}
		return bits;
	}

	/** Replaces what is held; bits past the last piece are ignored. */
	setBitfield(bits: Uint8Array): void {
		this.#count = 0;
		for (let piece = 0; piece < this.pieceCount; piece++) {
			const held = ((bits[piece >> 3] ?? 0) >> (7 - (piece & 7))) & 1;
			this.#held[piece] = held;
			this.#count += held;
		}
	}
}
