import type { LinkEnds, LinkFactory, LinkListener, SignalledLink } from "../../src/engine/peer-link.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { MAX_SEND_BUFFER_BYTES } from "../../src/protocol/limits.ts";
import type { SignalBody } from "../../src/protocol/messages.ts";

/** Bytes that travel per turn of the event loop. */
const BYTES_PER_TURN = 131_072;

/** Links between parties of one process, which behave as those over WebRTC do. */
export class MemoryNetwork {
	readonly #offers = new Map<string, MemoryLink>();
	#links = 0;

	readonly makeLink: LinkFactory = (ends) => new MemoryLink(this, ends);

	offer(link: MemoryLink): string {
		const name = `memory ${++this.#links}`;
		this.#offers.set(name, link);
		return name;
	}

	offerer(name: string): MemoryLink | undefined {
		return this.#offers.get(name);
	}
}

export class MemoryLink implements SignalledLink {
	readonly #network: MemoryNetwork;
	readonly #ends: LinkEnds;
	readonly #outbox: Bytes[] = [];
	#other: MemoryLink | null = null;
	#state: "connecting" | "open" | "closed" = "connecting";
	#pumping = false;
	bufferedBytes = 0;

	constructor(network: MemoryNetwork, ends: LinkEnds) {
		this.#network = network;
		this.#ends = ends;
		if (ends.offers) this.#later(() => ends.signal({ offer: network.offer(this) }));
	}

	sendControl(text: string): void {
		if (this.#state === "open") this.#toOther((listener) => listener.control(text));
	}

	sendBlock(bytes: Bytes): void {
		if (this.#state !== "open") return;
		this.#outbox.push(bytes.slice());
		this.bufferedBytes += bytes.length;
		this.#pump();
	}

	close(): void {
		if (this.#state === "closed") return;
		this.#state = "closed";
		// after what was sent before
		setImmediate(() => setImmediate(() => this.#other?.close()));
		this.#ends.listener.closed();
	}

	receive(body: SignalBody): void {
		if (this.#state !== "connecting") return;
		if ("close" in body) this.close();
		else if ("offer" in body) this.#accept(body.offer);
		else if ("answer" in body && body.answer !== "memory") this.close();
	}

	#accept(name: string): void {
		const offerer = this.#network.offerer(name);
		if (!offerer) {
			this.close();
			return;
		}
		this.#other = offerer;
		offerer.#other = this;
		this.#ends.signal({ answer: "memory" });
		this.#later(() => this.#open());
		offerer.#later(() => offerer.#open());
	}

	#open(): void {
		this.#state = "open";
		this.#ends.listener.opened();
	}

	#pump(): void {
		if (this.#pumping) return;
		this.#pumping = true;
		setImmediate(() => {
			this.#pumping = false;
			const before = this.bufferedBytes;
			for (let sent = 0; sent < BYTES_PER_TURN; ) {
				const bytes = this.#outbox.shift();
				if (!bytes) break;
				sent += bytes.length;
				this.bufferedBytes -= bytes.length;
				this.#toOther((listener) => listener.block(bytes.slice().buffer));
			}
			if (this.#state === "closed") return;
			const low = MAX_SEND_BUFFER_BYTES / 2;
			if (before > low && this.bufferedBytes <= low) this.#ends.listener.drained();
			if (this.#outbox.length) this.#pump();
		});
	}

	#toOther(act: (listener: LinkListener) => void): void {
		const other = this.#other;
		if (other) other.#later(() => act(other.#ends.listener));
	}

	/** As a network would: never at once, and never after it was closed. */
	#later(act: () => void): void {
		setImmediate(() => {
			if (this.#state !== "closed") act();
		});
	}
}
