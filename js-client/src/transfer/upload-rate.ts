/** What a page load gives to others unless the site says otherwise: 2 GiB. */
export const UPLOAD_BYTES = 2_147_483_648;
/** At most what so much time is worth, and a block, is sent at once after a pause. */
export const BURST_MS = 250;
/** Over how long it is smoothed what was sent lately. */
const LATELY_MS = 1000;
/**
 * Downloads that are late make it no slower than this: 1 MiB/s, the worth of some viewers. Where a whole crowd is late, nobody is
 * helped if all give less and less.
 */
export const LEAST_BYTES_PER_MS = 1048.576;
/** And a busy main thread no slower than this: sending 4 MiB/s takes little of it, whoever else keeps it busy. */
export const LEAST_WHILE_BUSY_BYTES_PER_MS = 4194.304;
/** A rate that was lowered grows by 1 MiB/s in each second. */
export const GROWTH_BYTES_PER_MS2 = 1.048576;

/** How much may be given to others, and when: a cap that the site sets, and less while the page suffers. No clock. */
export class UploadRate {
	/** What may still be sent. */
	leftBytes: number;
	readonly #mostBytesPerMs: number;
	#bytesPerMs: number;
	/** When what was let through will have been sent. */
	#freeMs = Number.NEGATIVE_INFINITY;
	#atMs = Number.NEGATIVE_INFINITY;
	#latelyBytes = 0;

	/** @param bytesPerSecond above 0 */
	constructor(bytesPerSecond: number, leftBytes: number) {
		this.#mostBytesPerMs = this.#bytesPerMs = bytesPerSecond / 1000;
		this.leftBytes = leftBytes;
	}

	/** Makes room for so many bytes. @returns in how many milliseconds they are to be sent; infinite: not at all */
	take(bytes: number, nowMs: number): number {
		if (bytes > this.leftBytes) {
			this.leftBytes = 0;
			return Number.POSITIVE_INFINITY;
		}
		this.leftBytes -= bytes;
		const grown = this.#bytesPerMs + GROWTH_BYTES_PER_MS2 * (nowMs - this.#atMs);
		this.#bytesPerMs = Math.min(this.#mostBytesPerMs, grown);
		this.#latelyBytes = this.#lately(nowMs) + bytes;
		this.#atMs = nowMs;
		const sendMs = Math.max(this.#freeMs, nowMs - BURST_MS);
		this.#freeMs = sendMs + bytes / this.#bytesPerMs;
		return Math.max(0, sendMs - nowMs);
	}

	/** The page suffers, perhaps from this: half of what was sent lately is the most now, if that is over `least`. */
	suffers(leastBytesPerMs: number, nowMs: number): void {
		const half = this.#lately(nowMs) / LATELY_MS / 2;
		this.#bytesPerMs = Math.min(this.#bytesPerMs, Math.max(leastBytesPerMs, half));
	}

	#lately(nowMs: number): number {
		return this.#latelyBytes * Math.exp((this.#atMs - nowMs) / LATELY_MS);
	}
}
