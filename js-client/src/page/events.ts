import type { Role } from "../protocol/messages.ts";
import type { PieceOrigin } from "../transfer/transfer.ts";

/** What a page may listen to, by name (docs/embed.md). */
export interface ClientEvents {
	/** The tracker said welcome. Again after each reconnection. */
	readonly ready: { readonly peer: string };
	/** A neighbour came or went. */
	readonly peer: { readonly id: string; readonly role: Role; readonly state: "connecting" | "connected" | "closed" };
	/** A piece was verified, or read from the own store. */
	readonly piece: PieceOrigin;
	readonly stopped: Record<string, never>;
}

export type Listener<K extends keyof ClientEvents> = (event: ClientEvents[K]) => void;

/** Tells listeners. One that throws is reported as other errors of the page are, and harms nobody else. */
export class Events {
	readonly #listeners: { [K in keyof ClientEvents]: Set<Listener<K>> } = {
		ready: new Set(),
		peer: new Set(),
		piece: new Set(),
		stopped: new Set(),
	};

	/** @returns ends it */
	on<K extends keyof ClientEvents>(name: K, listener: Listener<K>): () => void {
		const listeners = this.#listeners[name];
		// A name that this version does not have: nothing will happen.
		listeners?.add(listener);
		return () => void listeners?.delete(listener);
	}

	emit<K extends keyof ClientEvents>(name: K, event: ClientEvents[K]): void {
		for (const listener of this.#listeners[name]) {
			try {
				listener(event);
			} catch (error) {
				reportError(error);
			}
		}
	}
}
