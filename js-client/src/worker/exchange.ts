import type { Demand, Order, Supply } from "./messages.ts";

/** How long a page that has answered may be silent before it is asked whether it is still there. */
const PING_AFTER_MS = 1000;
/** Pings without any answer after which a page is given up. */
const MAX_PINGS = 2;

/** A page's engine. */
export interface Engine {
	postMessage(order: Order, transfer: Transferable[]): void;
}

/** What one page's engine is asked, and answers, about one request. */
export class Exchange {
	readonly #port: MessagePort;
	readonly #inbox: Supply[] = [];
	#unanswered = 0;
	#wake: () => void = () => {};

	constructor(page: Engine, order: Order & { type: "fetch" | "open" }, signal: AbortSignal) {
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		port1.onmessage = ({ data }: MessageEvent<Supply>) => {
			this.#unanswered = 0;
			// whoever waits goes on waiting: woken, it would ping again at once
			if (data.type === "pong") return;
			this.#inbox.push(data);
			this.#wake();
		};
		port1.addEventListener("close", () => this.#lose()); // of browsers that tell when the other end is gone
		signal.addEventListener("abort", () => {
			this.close();
			this.#lose();
		});
		page.postMessage(order, [port2]);
	}

	/** The first answer; null when there is none in so many milliseconds. */
	async first(patienceMs: number): Promise<Supply | null> {
		await this.#wait(patienceMs);
		return this.#inbox.shift() ?? null;
	}

	/** The next answer, however long it takes; `gone` when the page is not there any more. */
	async next(): Promise<Supply> {
		for (;;) {
			await this.#wait(PING_AFTER_MS);
			const supply = this.#inbox.shift();
			if (supply) return supply;
			if (this.#unanswered++ >= MAX_PINGS) return { type: "gone" };
			this.tell({ type: "ping" });
		}
	}

	tell(demand: Demand): void {
		this.#port.postMessage(demand);
	}

	/** Lets the page send one more chunk. */
	pull(): void {
		this.tell({ type: "pull" });
	}

	close(): void {
		this.tell({ type: "cancel" });
		this.#port.close();
	}

	#lose(): void {
		this.#inbox.push({ type: "gone" });
		this.#wake();
	}

	#wait(ms: number): Promise<void> {
		return new Promise((resolve) => {
			if (this.#inbox.length) return resolve();
			const timer = setTimeout(resolve, ms);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
