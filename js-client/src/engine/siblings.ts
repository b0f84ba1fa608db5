import { type PeerId, parsePeerId } from "../protocol/ids.ts";

/** Other tabs of this profile on the same site: they share the store, so pairing with them would be in vain. */
export class Siblings {
	readonly #channel: BroadcastChannel;
	#self: PeerId | null = null;

	/** @param met called with the peer id of each tab, also when it gets a new one */
	constructor(site: string, met: (id: PeerId) => void) {
		this.#channel = new BroadcastChannel(`rivulet-tabs ${site}`);
		this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
			if (!Array.isArray(data)) return;
			const [text, asks] = data as readonly unknown[];
			const id = typeof text === "string" ? parsePeerId(text) : null;
			if (id) met(id);
			if (asks === true) this.#say(false);
		};
	}

	introduce(self: PeerId): void {
		this.#self = self;
		this.#say(true);
	}

	close(): void {
		this.#channel.close();
	}

	#say(asks: boolean): void {
		if (this.#self) this.#channel.postMessage([this.#self, asks]);
	}
}
