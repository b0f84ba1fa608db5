// What becomes of packets on their way: late, slow, or never there.

/** Packets up to this size pass a link that stalls, bytes: those of ICE, acknowledgements, short messages. */
const SMALL_BYTES = 300;
/** How much may wait for a slow link, milliseconds of its rate: more is dropped, as a router would. */
const QUEUE_MS = 200;

/** Decides about packets on their way there: after how many milliseconds each goes on, null: never. */
export class Path {
	#freeMs = 0;
	#bytes = 0;

	constructor({
		delayMs = 0,
		lossShare = 0,
		bytesPerSecond = Number.POSITIVE_INFINITY,
		stallsAfterBytes = Number.POSITIVE_INFINITY,
		random = Math.random,
	}) {
		Object.assign(this, { delayMs, lossShare, bytesPerSecond, stallsAfterBytes, random });
	}

	/** Whether the next packet is lost, either way. */
	loses() {
		return this.random() < this.lossShare;
	}

	wait(bytes, nowMs) {
		if (this.loses()) return null;
		this.#bytes += bytes;
		if (this.#bytes > this.stallsAfterBytes && bytes > SMALL_BYTES) return null;
		const startMs = Math.max(nowMs, this.#freeMs);
		if (startMs - nowMs > QUEUE_MS) return null;
		this.#freeMs = startMs + (bytes / this.bytesPerSecond) * 1000;
		return this.#freeMs - nowMs + this.delayMs;
	}
}
