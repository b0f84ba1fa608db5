import type { Order, RollCall } from "./messages.ts";

/** A started worker waits this long for the pages that were there before it, in milliseconds. */
const ROLL_CALL_MS = 50;

/** The pages that answer requests. */
export class Pages {
	readonly #clients: Clients;
	readonly #ports = new Map<string, MessagePort>();
	/** Resolves when those that were there before this worker have had the time to say so. */
	readonly present: Promise<void>;
	#arrived: () => void = () => {};

	constructor(clients: Clients) {
		this.#clients = clients;
		this.present = this.#callRoll();
	}

	join(clientId: string, port: MessagePort): void {
		this.#ports.get(clientId)?.close();
		this.#ports.set(clientId, port);
		port.onmessage = () => this.#leave(clientId, port); // it has nothing to say but farewell
		port.addEventListener("close", () => this.#leave(clientId, port));
		this.#arrived();
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
		(this.#ports.get(clientId) ?? any)?.postMessage(order);
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
