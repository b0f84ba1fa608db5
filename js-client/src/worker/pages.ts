import type { Notice, Order, RollCall } from "./messages.ts";

/** A started worker waits this long for the pages that were there before it, in milliseconds. */
const ROLL_CALL_MS = 50;

/** What pages should know is kept for the next one when there is none; no more of it than this. */
const MAX_UNTOLD = 256;

/** Of the service worker's `clients`. */
interface Windows {
	matchAll(of: { type: "window" }): Promise<readonly { readonly id: string; postMessage(message: RollCall): void }[]>;
}

/** The pages that answer requests. */
export class Pages {
	readonly #clients: Windows;
	readonly #ports = new Map<string, MessagePort>();
	/** Those whose neighbours are there, or not to be expected. */
	readonly #settled = new WeakSet<MessagePort>();
	#untold: Order[] = [];
	/** Resolves when those that were there before this worker have had the time to say so. */
	readonly present: Promise<void>;
	#arrived: () => void = () => {};

	constructor(clients: Windows) {
		this.#clients = clients;
		this.present = this.#callRoll();
	}

	/** @param settled called when its neighbours are there, or not to be expected */
	join(clientId: string, port: MessagePort, settled: () => void): void {
		this.#ports.get(clientId)?.close();
		this.#ports.set(clientId, port);
		port.onmessage = ({ data }: MessageEvent<Notice>) => {
			if (data.type === "bye") return this.#leave(clientId, port);
			this.#settled.add(port);
			settled();
		};
		port.addEventListener("close", () => this.#leave(clientId, port));
		for (const order of this.#untold.splice(0)) port.postMessage(order);
		this.#arrived();
	}

	isSettled(port: MessagePort): boolean {
		return this.#settled.has(port);
	}

	/** Whom to ask about a request of `clientId`: itself, then the page that the visitor looked at last. */
	async toAsk(clientId: string): Promise<MessagePort[]> {
		const own = this.#ports.get(clientId);
		if (this.#ports.size < (own ? 2 : 1)) return own ? [own] : [];
		const windows = await this.#clients.matchAll({ type: "window" });
		const others = windows.filter(({ id }) => id !== clientId).map(({ id }) => this.#ports.get(id));
		return [own, others.find((port) => port)].filter((port) => port !== undefined);
	}

	/** To the page, or to any other when that one does not listen. */
	tell(clientId: string, order: Order): void {
		const [any] = this.#ports.values();
		const port = this.#ports.get(clientId) ?? any;
		if (port) port.postMessage(order);
		else if (this.#untold.length < MAX_UNTOLD) this.#untold.push(order);
	}

	#leave(clientId: string, port: MessagePort): void {
		if (this.#ports.get(clientId) === port) this.#ports.delete(clientId);
	}

	async #callRoll(): Promise<void> {
		const windows = await this.#clients.matchAll({ type: "window" });
		const call: RollCall = { rivulet: "who" };
		for (const window of windows) window.postMessage(call);
		if (!windows.length) return;
		await new Promise<void>((resolve) => {
			setTimeout(resolve, ROLL_CALL_MS);
			this.#arrived = () => {
				if (this.#ports.size >= windows.length) resolve();
			};
		});
	}
}
