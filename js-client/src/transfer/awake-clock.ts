/** Nothing here could run if nobody has looked at the clock for so many periods of its fastest tick, */
const MISSED_TICKS = 5;
/** and for longer than this: a busy machine, or one that saves power, has ticks wait for some hundred milliseconds. */
const LEAST_GAP_MS = 500;

/** A monotonic clock, and what calls back again and again. */
export interface Time {
	nowMs(): number;
	/** The result ends it. */
	every(ms: number, callback: () => void): () => void;
}

/**
 * Passes by half a second at most while this side does not run. A tab that was frozen, a machine that slept or was too busy:
 * others are not known to have been silent meanwhile, for what they sent is still to be read. By a clock on the wall all of them
 * would have stalled at once, and the origin would be asked for what they hold.
 *
 * That nothing ran shows in ticks that are missed, so time without any timer of this clock passes whole. Where ticks come only
 * once a second, as in hidden tabs without a worker, it passes at half the speed while nothing arrives.
 */
export class AwakeClock implements Time {
	readonly #time: Time;
	readonly #periods = new Set<{ readonly ms: number }>();
	#seenMs: number;
	#lostMs = 0;

	constructor(time: Time) {
		this.#time = time;
		this.#seenMs = time.nowMs();
	}

	nowMs(): number {
		const nowMs = this.#time.nowMs();
		let most = Number.POSITIVE_INFINITY;
		for (const { ms } of this.#periods) most = Math.min(most, Math.max(LEAST_GAP_MS, MISSED_TICKS * ms));
		this.#lostMs += Math.max(0, nowMs - this.#seenMs - most);
		this.#seenMs = nowMs;
		return nowMs - this.#lostMs;
	}

	every(ms: number, callback: () => void): () => void {
		// what has passed without it was not missed
		this.nowMs();
		const period = { ms };
		this.#periods.add(period);
		const end = this.#time.every(ms, () => {
			this.nowMs();
			callback();
		});
		return () => {
			// and what has passed with it was
			this.nowMs();
			this.#periods.delete(period);
			end();
		};
	}
}
