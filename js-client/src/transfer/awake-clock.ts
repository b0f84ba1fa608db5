/** A tick that is late by more than this many of its periods came while nothing here could run. */
const MISSED_TICKS = 5;

/** A monotonic clock, and what calls back again and again. */
export interface Time {
	nowMs(): number;
	/** The result ends it. */
	every(ms: number, callback: () => void): () => void;
}

/**
 * Passes only while this side runs. A tab that was frozen, a machine that slept or was too busy: others are not known to have
 * been silent meanwhile, for what they sent is still to be read. By a clock on the wall all of them would have stalled at once,
 * and the origin would be asked for what they hold.
 *
 * That nothing ran shows in ticks that are missed, so time without any timer of this clock passes whole.
 */
export class AwakeClock implements Time {
	readonly #time: Time;
	readonly #periodsMs = new Set<{ readonly ms: number }>();
	#seenMs: number;
	#lostMs = 0;

	constructor(time: Time) {
		this.#time = time;
		this.#seenMs = time.nowMs();
	}

	nowMs(): number {
		const nowMs = this.#time.nowMs();
		let most = Number.POSITIVE_INFINITY;
		for (const { ms } of this.#periodsMs) most = Math.min(most, MISSED_TICKS * ms);
		this.#lostMs += Math.max(0, nowMs - this.#seenMs - most);
		this.#seenMs = nowMs;
		return nowMs - this.#lostMs;
	}

	every(ms: number, callback: () => void): () => void {
		// what has passed without it was not missed
		this.nowMs();
		const period = { ms };
		this.#periodsMs.add(period);
		const end = this.#time.every(ms, () => {
			this.nowMs();
			callback();
		});
		return () => {
			this.#periodsMs.delete(period);
			end();
		};
	}
}
