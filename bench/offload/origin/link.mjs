// The origin's one uplink: what all responses together may send.

/** Longest stretch of unused capacity that may be made up for, milliseconds: a late timer must not cost bandwidth. */
const BURST_MS = 50;
/** What one response may send before it is another's turn, bytes: about the first flight of a TCP connection. */
const QUANTUM_BYTES = 14_600;

/**
 * A token bucket shared by all flows, in turns. A flow is `{send(bytes)}`: it sends at most so many and returns how many
 * it did, 0 when it cannot send at the moment.
 */
export class Link {
	#bytesPerMs;
	#credit = 0;
	#lastMs;
	#flows = [];
	/** What the first flow may still send before it is the next one's turn: turns go on over ticks. */
	#turn = QUANTUM_BYTES;

	constructor(bitsPerSecond, nowMs) {
		this.#lastMs = nowMs;
		this.rate(bitsPerSecond);
	}

	rate(bitsPerSecond) {
		this.#bytesPerMs = bitsPerSecond / 8 / 1000;
	}

	add(flow) {
		this.#flows.push(flow);
	}

	remove(flow) {
		if (flow === this.#flows[0]) this.#turn = QUANTUM_BYTES;
		this.#flows = this.#flows.filter((other) => other !== flow);
	}

	/** Sends what has become possible until now. */
	tick(nowMs) {
		const most = this.#bytesPerMs * BURST_MS;
		this.#credit = Math.min(most, this.#credit + this.#bytesPerMs * (nowMs - this.#lastMs));
		this.#lastMs = nowMs;
		let idle = 0;
		while (this.#credit >= 1 && idle < this.#flows.length) {
			const [flow] = this.#flows;
			const sent = flow.send(Math.floor(Math.min(this.#turn, this.#credit)));
			this.#credit -= sent;
			this.#turn -= sent;
			idle = sent > 0 ? 0 : idle + 1;
			if (flow === this.#flows[0] && (sent === 0 || this.#turn < 1)) this.#next();
		}
	}

	#next() {
		this.#flows.push(this.#flows.shift());
		this.#turn = QUANTUM_BYTES;
	}
}
