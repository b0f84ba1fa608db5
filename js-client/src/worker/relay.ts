import type { Exchange } from "./exchange.ts";

/** The body that a page sends. Fails when the page goes, or cannot go on. */
export async function* chunks(exchange: Exchange): AsyncGenerator<Uint8Array, void> {
	try {
		for (;;) {
			const supply = await exchange.next();
			if (supply.type === "end") return;
			if (supply.type !== "chunk") throw new TypeError(`the page's answer broke off: ${supply.type}`);
			yield supply.bytes;
			exchange.pull();
		}
	} finally {
		exchange.close();
	}
}

/**
 * Bytes `begin` to before `end`, from `first` as long as that lasts, then from whatever `resume` opens at the byte where it broke
 * off. Fails as the last of them did when there is none.
 */
export async function* relay(
	first: AsyncGenerator<Uint8Array, void>,
	begin: number,
	end: number,
	resume: (at: number) => Promise<AsyncGenerator<Uint8Array, void> | null>,
): AsyncGenerator<Uint8Array, void> {
	let at = begin;
	for (let source = first; ; ) {
		try {
			for await (const bytes of source) {
				at += bytes.length;
				yield bytes;
			}
			if (at === end) return;
			throw new TypeError("the answer is short");
		} catch (error) {
			const next = await resume(at);
			if (!next) throw error;
			source = next;
		}
	}
}

/** As a body: read as it is consumed. `ended` is called, perhaps more than once, whatever the end. */
export function streamOf(
	source: AsyncGenerator<Uint8Array, void>,
	abort: AbortController,
	ended: () => void,
): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const { done, value } = await source.next();
				if (!done) return controller.enqueue(value);
				controller.close();
			} catch (error) {
				controller.error(abort.signal.aborted ? abort.signal.reason : error);
			}
			ended();
		},
		cancel() {
			abort.abort();
			ended();
		},
	});
}
