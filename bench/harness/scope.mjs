// Whatever a benchmark starts is ended in reverse order, also after a failure or a signal.

export class Scope {
	#closers = [];
	#closing;

	/** Runs `close` when the scope ends. */
	onClose(close) {
		this.#closers.push(close);
	}

	close() {
		this.#closing ??= this.#closeAll();
		return this.#closing;
	}

	async #closeAll() {
		for (const close of this.#closers.reverse()) await close().catch((error) => console.error(String(error)));
	}

	/** Runs `work` with a scope of its own. */
	async within(work) {
		const inner = new Scope();
		this.onClose(() => inner.close());
		try {
			return await work(inner);
		} finally {
			await inner.close();
		}
	}
}

/** Fails when `work` takes longer than `ms`. */
export async function deadline(ms, what, work) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what}: not done in ${ms / 1000} s`)), ms);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
