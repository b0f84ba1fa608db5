import { OWN_REQUEST } from "../transfer/origin.ts";

/** Loads that wait to be looked at. */
const MAX_WAITING = 500;
/** Where a browser does not tell when it is idle. */
const IDLE_GUESS_MS = 300;

/** Looks at a load: its URL, and how many bytes the network gave for it without Rivulet. */
export type Look = (url: string, bytes: number) => Promise<void>;

/** What the page has loaded: looked at one at a time, while the browser is idle, from when it is known who looks. */
export class Loads {
	/** By URL: bytes that nobody else counts. */
	readonly #waiting = new Map<string, number>();
	readonly #signal: AbortSignal;
	#look: Look | null = null;
	#looking = false;

	constructor(signal: AbortSignal) {
		this.#signal = signal;
	}

	/** @param bytes of the body that the network gave */
	add({ initiatorType, name, workerStart }: PerformanceResourceTiming, bytes: number): void {
		const before = this.#waiting.get(name);
		if (initiatorType === "iframe" || (before === undefined && this.#waiting.size >= MAX_WAITING)) return;
		// what the engine asks for, and what goes through a service worker, is counted there
		const counted = workerStart || name.endsWith(OWN_REQUEST);
		this.#waiting.set(name, (before ?? 0) + (counted ? 0 : bytes));
		void this.#run();
	}

	watch(look: Look): void {
		this.#look = look;
		void this.#run();
	}

	async #run(): Promise<void> {
		if (this.#looking || !this.#look) return;
		this.#looking = true;
		for (const [url] of this.#waiting) {
			await idle();
			if (this.#signal.aborted) return;
			const bytes = this.#waiting.get(url) ?? 0;
			this.#waiting.delete(url);
			await this.#look(url, bytes);
		}
		this.#looking = false;
	}
}

const idle = () =>
	new Promise<void>((resolve) => {
		if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve());
		else setTimeout(resolve, IDLE_GUESS_MS);
	});
