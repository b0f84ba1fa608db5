/** Weight of the newest sample in a moving average. */
const NEWEST = 0.3;
/** Busy time that makes one sample of the rate. */
const SAMPLE_MS = 150;
/** Shorter busy times say nothing: what comes at once was in a buffer. */
const MIN_SAMPLE_MS = 20;

const average = (old: number, sample: number) => (old ? old + NEWEST * (sample - old) : sample);

/** What a source is worth: its round trip, and what it delivers while something is asked of it. */
export class Estimate {
	/** Smoothed round trip in milliseconds; 0 before the first sample. */
	rttMs = 0;
	/** Delivered bytes per millisecond, from the first byte on; 0 before the first sample. */
	bytesPerMs = 0;
	/** When bytes last came. */
	lastBytesMs = 0;
	/** Beginning of the current sample; null before the first byte. */
	#sinceMs: number | null = null;
	#bytes = 0;
	#answers = 0;

	roundTrip(ms: number): void {
		this.rttMs = average(this.rttMs, Math.max(1, ms));
	}

	/** @param last whether nothing more is asked for now */
	arrived(bytes: number, nowMs: number, last: boolean): void {
		this.lastBytesMs = nowMs;
		if (this.#sinceMs === null) {
			// How long the first byte took is the round trip's matter.
			this.#sinceMs = last ? null : nowMs;
			return;
		}
		this.#bytes += bytes;
		const elapsedMs = nowMs - this.#sinceMs;
		if (elapsedMs < SAMPLE_MS && !last) return;
		if (elapsedMs >= MIN_SAMPLE_MS) this.bytesPerMs = average(this.bytesPerMs, this.#bytes / elapsedMs);
		this.#sinceMs = last ? null : nowMs;
		this.#bytes = 0;
	}

	/** An answer begins, of several at a time. */
	begin(): void {
		this.#answers++;
	}

	/** An answer has ended. */
	end(nowMs: number): void {
		if (--this.#answers === 0) this.arrived(0, nowMs, true);
	}

	/** What was asked for will not come. */
	broken(): void {
		this.#sinceMs = null;
		this.#bytes = 0;
	}
}
