/** Time that passes only when told to, and then at once. */
export class SimulatedClock {
	#nowMs = 0;
	#order = 0;
	#events: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];

	get nowMs(): number {
		return this.#nowMs;
	}

	after(ms: number, run: () => void): void {
		this.#events.push({ atMs: this.#nowMs + Math.max(0, ms), order: this.#order++, run });
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
			await new Promise((resolve) => setImmediate(resolve));
			if (settled) return promise;
			this.#events.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
			const next = this.#events.shift();
			if (!next || next.atMs > limitMs) throw new Error(`nothing happened until ${next ? limitMs : this.#nowMs} ms`);
			this.#nowMs = next.atMs;
			next.run();
		}
	}
}
