import type { ClientEvents } from "../engine/messages.ts";

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
