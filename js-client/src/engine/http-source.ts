import type { Bytes } from "../protocol/bytes.ts";
import type { Role } from "../protocol/messages.ts";
import { Estimate } from "../transfer/estimate.ts";
import type { Answer, PieceSource, Wanted } from "../transfer/source.ts";

/** What browsers open to one host at once with HTTP/1.1. */
const MAX_AT_ONCE = 6;

/** Whoever serves pieces over HTTP (docs/protocol.md §7): an edge that WebRTC does not reach, or the tracker. */
export class HttpSource implements PieceSource {
	/** Base URL, with a slash at the end. */
	readonly id: string;
	readonly kind = "http";
	readonly estimate = new Estimate();
	readonly limit = MAX_AT_ONCE;
	readonly pullsThrough: boolean;
	readonly #received: (bytes: number) => void;
	readonly #nowMs: () => number;
	readonly #banned: () => void;
	#outstanding = 0;

	/** @param banned it sent wrong bytes */
	constructor(
		base: string,
		role: Role | "tracker",
		nowMs: () => number,
		received: (bytes: number) => void,
		banned: () => void,
	) {
		this.id = base;
		this.pullsThrough = role === "edge";
		this.#nowMs = nowMs;
		this.#received = received;
		this.#banned = banned;
	}

	get outstanding(): number {
		return this.#outstanding;
	}

	request(wanted: Wanted, answer: Answer): () => void {
		const abort = new AbortController();
		this.#outstanding++;
		const end = (act: () => void) => {
			this.#outstanding--;
			if (!this.#outstanding) this.estimate.broken();
			if (!abort.signal.aborted) act();
		};
		this.#fetch(wanted, answer, abort.signal).then(
			(bytes) => end(() => (bytes ? answer.landed(bytes) : answer.failed(true))),
			() => end(() => answer.failed(false)),
		);
		return () => abort.abort();
	}

	sentBadPiece(): void {
		this.#banned();
	}

	/** Null: it does not hold that piece. */
	async #fetch(wanted: Wanted, answer: Answer, signal: AbortSignal): Promise<Bytes | null> {
		const { content, length, piece, url } = wanted;
		const sentMs = this.#nowMs();
		const query = this.pullsThrough ? `?url=${encodeURIComponent(url)}` : "";
		const response = await fetch(`${this.id}pieces/${content}/${piece}${query}`, { signal, cache: "no-store" });
		this.estimate.roundTrip(this.#nowMs() - sentMs);
		if (response.status === 404) return null;
		if (response.status !== 200 || !response.body) throw new TypeError("not the piece");
		const bytes = new Uint8Array(length);
		let filled = 0;
		const reader = response.body.getReader();
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			this.#received(value.length);
			this.estimate.arrived(value.length, this.#nowMs(), false);
			bytes.set(value, filled); // throws when it is longer than the piece
			filled += value.length;
			answer.progress();
		}
		if (filled < length) throw new TypeError("not the piece");
		return bytes;
	}
}
