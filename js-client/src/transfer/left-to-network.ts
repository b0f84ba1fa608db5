/** Requests whose end is awaited: browsers do not tell of all that were aborted. */
const MAX_AWAITED = 256;

/**
 * Counts the bytes that the network gives for requests that were left to it although they have an entry: they are the origin's.
 * What the browser's HTTP cache answers counts nowhere, nor what the browser does not tell of (W3C Resource Timing: another
 * origin's without `Timing-Allow-Origin`). Nobody's bytes pass through here.
 */
export class LeftToNetwork {
	readonly #awaited = new Map<string, number>();

	/** @param other is told of all loads that were not left, those that had ended before included, and what the network gave */
	constructor(
		count: (bytes: number) => void,
		other: (load: PerformanceResourceTiming, bytes: number) => void = () => {},
	) {
		const take = (list: PerformanceObserverEntryList) => {
			for (const entry of list.getEntries()) {
				const load = entry as PerformanceResourceTiming;
				const bytes = load.transferSize && load.encodedBodySize;
				if (!this.#ended(load.name)) other(load, bytes);
				else if (bytes) count(bytes);
			}
		};
		new PerformanceObserver(take).observe({ type: "resource", buffered: true });
	}

	/** This global scope is about to fetch that URL, as the request has it. */
	leave(url: string): void {
		const times = this.#awaited.get(url) ?? 0;
		this.#awaited.delete(url);
		this.#awaited.set(url, times + 1);
		for (const oldest of this.#awaited.keys()) {
			if (this.#awaited.size > MAX_AWAITED) this.#awaited.delete(oldest);
		}
	}

	/** @returns whether it was awaited */
	#ended(url: string): boolean {
		const times = this.#awaited.get(url) ?? 0;
		if (times > 1) this.#awaited.set(url, times - 1);
		else this.#awaited.delete(url);
		return times > 0;
	}
}
