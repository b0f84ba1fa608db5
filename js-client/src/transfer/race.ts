/** A reader should be done within this many times what it would have taken from the origin alone. */
const SLOWER = 1.05;
/** How far peers may be behind the origin before it helps: it would have needed a moment, too. In milliseconds of its time. */
export const GRACE_MS = 500;
/** The same where nobody has said for when it is needed, and it may be a segment that a player fetches far ahead. */
export const PATIENT_GRACE_MS = 2500;
/** What was delivered ahead of the origin is worth no more than this later on. */
const BANK_MS = 500;

/**
 * How far what a reader gets is behind what the origin alone would have given it by now. Only time in which the reader lacks
 * what it needs next counts.
 */
export class Race {
	#behindMs = 0;
	#atMs = 0;
	#hungry = false;

	/** @param hungry whether a reader lacks its next bytes, from now on */
	run(nowMs: number, hungry: boolean): void {
		if (this.#hungry) this.#behindMs += (nowMs - this.#atMs) / SLOWER;
		this.#atMs = nowMs;
		this.#hungry = hungry;
	}

	/** @param ms what the origin would have needed for what has landed */
	landed(ms: number): void {
		this.#behindMs = Math.max(this.#behindMs - ms, -BANK_MS);
	}

	/**
	 * Milliseconds of the origin's time that it should help with, what it is asked for already included.
	 *
	 * @param graceMs how far behind it may be without help
	 */
	owedMs(graceMs: number): number {
		return this.#hungry ? Math.max(0, this.#behindMs - graceMs) : 0;
	}
}
