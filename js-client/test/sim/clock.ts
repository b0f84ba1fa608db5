import { createHash } from "node:crypto";

/** What other threads do takes as long as it takes, whatever the simulated time: so hashing is done in this one. */
crypto.subtle.digest = async (algorithm, data) => {
	if (algorithm !== "SHA-256") throw new Error(`not simulated: ${JSON.stringify(algorithm)}`);
	const bytes = ArrayBuffer.isView(data)
		? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
		: new Uint8Array(data);
	return new Uint8Array(createHash("sha256").update(bytes).digest()).buffer;
};

interface SimulatedEvent {
	readonly atMs: number;
	readonly run: () => void;
}

/** Time that passes only when told to, and then at once. */
export class SimulatedClock {
	readonly #turns: number;
	#nowMs = 0;
	/** The next first. */
	readonly #events: SimulatedEvent[] = [];

	/** @param turns of the event loop that take no time: as many as a message needs to arrive */
	constructor(turns = 1) {
		this.#turns = turns;
	}

	get nowMs(): number {
		return this.#nowMs;
	}

	after(ms: number, run: () => void): void {
		const event = { atMs: this.#nowMs + Math.max(0, ms), run };
		let low = 0;
		for (let high = this.#events.length; low < high; ) {
			const middle = (low + high) >> 1;
			if ((this.#events[middle]?.atMs ?? 0) <= event.atMs) low = middle + 1;
			else high = middle;
		}
		this.#events.splice(low, 0, event);
	}

	every(ms: number, callback: () => void): () => void {
		let ended = false;
		const tick = () => {
			if (ended) return;
			callback();
			this.after(ms, tick);
		};
		this.after(ms, tick);
		return () => {
			ended = true;
		};
	}

	sleep(ms: number): Promise<void> {
		return new Promise((resolve) => this.after(ms, resolve));
	}

	/** Lets time pass until the promise settles. Fails when it has not by `limitMs`. */
	async settle<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
		let settled = false;
		const end = () => {
			settled = true;
		};
		promise.then(end, end);
		for (;;) {
			// promises and streams run dry before time goes on
			for (let turn = 0; turn < this.#turns; turn++) await new Promise((resolve) => setImmediate(resolve));
			if (settled) return promise;
			const next = this.#events.shift();
			if (!next || next.atMs > limitMs) throw new Error(`nothing happened until ${next ? limitMs : this.#nowMs} ms`);
			this.#nowMs = next.atMs;
			next.run();
		}
	}
}
