/**
 * Neighbours that a page gives to at a time when it cannot keep up with all, the optimistic one included. Fewer cost more than
 * they bring: who is choked asks the origin (a file for 8 visitors at once, on a busy machine: 5 slots 2.0 to 2.3 copies, none
 * choked 1.6).
 */
export const PAGE_SLOTS = 8;
/** Who waits longer than this for a piece is kept waiting: nobody asks a source that is expected to need longer. */
export const KEPT_WAITING_MS = 2000;
/** Slots are given out for so long after more neighbours than there are slots were kept waiting. */
export const CROWDED_MS = 30_000;
/** How often it is decided anew who has a slot. */
export const DECIDE_MS = 10_000;
/** How often the optimistic slot goes to somebody else. */
export const ROTATE_MS = 30_000;

/** A neighbour, as who gives sees it. */
export interface Taker {
	readonly id: string;
	/** Whether it is getting any content, or was within `DECIDE_MS`. */
	readonly wants: boolean;
	/** How long what it asked for first has been waited for; 0: nothing. */
	readonly waitingMs: number;
	/** Bytes that it gave so far. */
	readonly down: number;
	/** Bytes that it was given so far. */
	readonly up: number;
}

/**
 * Decides whom a peer gives to (docs/protocol.md §6.5): to all, as long as it keeps up. Once more neighbours than it has
 * slots are kept waiting, to those that gave most and, among equals, that were given least; one slot is optimistic, and
 * goes to any of the others.
 */
export class Choking {
	readonly #slots: number;
	#crowdedMs = Number.NEGATIVE_INFINITY;
	#decidedMs = Number.NEGATIVE_INFINITY;
	#rotatedMs = Number.NEGATIVE_INFINITY;
	#optimistic = "";
	#regular: readonly string[] = [];

	constructor(slots: number) {
		this.#slots = slots;
	}

	/** Ids of those that are not choked; null: nobody is. To be asked every second or so. @param random from 0 to below 1 */
	decide(all: readonly Taker[], nowMs: number, random: () => number): readonly string[] | null {
		const slots = this.#slots;
		if (all.filter(({ waitingMs }) => waitingMs > KEPT_WAITING_MS).length > slots) this.#crowdedMs = nowMs;
		const takers = all.filter(({ wants }) => wants);
		if (nowMs - this.#crowdedMs > CROWDED_MS || takers.length <= slots) {
			this.#decidedMs = Number.NEGATIVE_INFINITY;
			return null;
		}
		const due = nowMs - this.#decidedMs >= DECIDE_MS;
		if (due) this.#decidedMs = nowMs;
		// until then who has a slot keeps it
		const keeps = ({ id }: Taker) => Number(!due && this.#regular.includes(id));
		takers.sort((a, b) => keeps(b) - keeps(a) || b.down - a.down || a.up - b.up || (a.id < b.id ? -1 : 1));
		const ids = takers.map(({ id }) => id);
		const others = ids.splice(slots - 1);
		if (nowMs - this.#rotatedMs >= ROTATE_MS || !others.includes(this.#optimistic)) {
			this.#rotatedMs = nowMs;
			this.#optimistic = others[Math.floor(random() * others.length)] ?? "";
		}
		this.#regular = ids;
		return [...ids, this.#optimistic];
	}
}
