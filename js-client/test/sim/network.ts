import { createHash } from "node:crypto";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { ContentId } from "../../src/protocol/ids.ts";
import { Estimate } from "../../src/transfer/estimate.ts";
import { Holdings } from "../../src/transfer/holdings.ts";
import {
	type Answer,
	ASK_MS,
	type Follower,
	type PieceSource,
	type Search,
	type SourceKind,
	type Swarm,
	type Wanted,
} from "../../src/transfer/source.ts";
import type { SimulatedClock } from "./clock.ts";

const BLOCK = 32_768;

/** WebCrypto's digests end on threads of their own; these end before simulated time goes on. */
export const digest = (_: unknown, data: BufferSource): Promise<ArrayBuffer> => {
	const view =
		data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	return Promise.resolve(new Uint8Array(createHash("sha256").update(view).digest()).buffer);
};

export interface PeerBehaviour {
	readonly id?: string;
	readonly kind?: SourceKind;
	readonly rttMs?: number;
	readonly bytesPerMs?: number;
	/** Milliseconds until it is connected; null: it was from the beginning. */
	readonly connectsAtMs?: number | null;
	/** The tracker does not know of it before. */
	readonly unforeseen?: boolean;
	/** Pieces held at first; default all. */
	readonly holds?: readonly number[];
	/** Gets what it lacks from the origin within this. */
	readonly pullsThroughMs?: number;
	readonly leavesAtMs?: number;
	/** Stays connected and sends nothing from then on. */
	readonly stallsAtMs?: number;
	/** Answers with wrong bytes. */
	readonly corrupt?: boolean;
	/** Says no to everything. */
	readonly rejects?: boolean;
}

interface Asked {
	readonly wanted: Wanted;
	readonly answer: Answer;
	/** Null when it had to wait behind others. */
	readonly atMs: number | null;
	sent: number;
	cancelled: boolean;
	answered: boolean;
}

export class SimulatedPeer implements PieceSource {
	readonly id: string;
	readonly kind: SourceKind;
	readonly estimate = new Estimate();
	readonly limit = 64;
	readonly pullsThrough: boolean;
	readonly behaviour: PeerBehaviour;
	readonly holdings: Holdings;
	sentBytes = 0;
	accused = 0;
	#clock: SimulatedClock;
	#nowMs: () => number;
	#content: Bytes;
	#queue: Asked[] = [];
	#sending = false;
	onGone = () => {};

	/** @param nowMs by the clock of who measures it */
	constructor(
		clock: SimulatedClock,
		content: Bytes,
		pieceCount: number,
		behaviour: PeerBehaviour,
		nowMs: () => number = () => clock.nowMs,
	) {
		this.#clock = clock;
		this.#nowMs = nowMs;
		this.#content = content;
		this.behaviour = behaviour;
		this.id = behaviour.id ?? "peer";
		this.kind = behaviour.kind ?? "page";
		this.pullsThrough = behaviour.pullsThroughMs !== undefined;
		this.holdings = new Holdings(pieceCount);
		if (behaviour.holds) for (const piece of behaviour.holds) this.holdings.add(piece);
		else this.holdings.addAll();
	}

	get outstanding(): number {
		return this.#queue.length;
	}

	get alive(): boolean {
		const { leavesAtMs = Number.POSITIVE_INFINITY } = this.behaviour;
		return this.#clock.nowMs < leavesAtMs && !this.accused;
	}

	get #silent(): boolean {
		const { stallsAtMs = Number.POSITIVE_INFINITY } = this.behaviour;
		return !this.alive || this.#clock.nowMs >= stallsAtMs;
	}

	request(wanted: Wanted, answer: Answer): () => void {
		const request = {
			wanted,
			answer,
			atMs: this.#queue.length ? null : this.#clock.nowMs,
			sent: 0,
			cancelled: false,
			answered: false,
		};
		this.#queue.push(request);
		const { rttMs = 20, rejects, pullsThroughMs = 0 } = this.behaviour;
		const held = this.holdings.has(wanted.piece);
		if (rejects || !(held || this.pullsThrough)) {
			this.#clock.after(rttMs, () => {
				if (request.cancelled || this.#silent) return;
				this.#end(request);
				answer.failed(!held);
			});
		} else {
			this.#clock.after(rttMs + (held ? 0 : pullsThroughMs), () => {
				this.holdings.add(wanted.piece);
				this.#send();
			});
		}
		return () => {
			request.cancelled = true;
			this.#end(request);
		};
	}

	sentBadPiece(): void {
		this.accused++;
		this.onGone();
	}

	#end(request: Asked): void {
		this.#queue = this.#queue.filter((other) => other !== request);
	}

	#send(): void {
		const next = this.#queue.find(({ wanted }) => this.holdings.has(wanted.piece));
		if (this.#sending || !next || this.behaviour.rejects) return;
		this.#sending = true;
		const bytes = Math.min(BLOCK, next.wanted.length - next.sent);
		this.#clock.after(bytes / (this.behaviour.bytesPerMs ?? 5000), () => {
			this.#sending = false;
			if (this.#silent) return;
			this.sentBytes += bytes;
			next.sent += bytes;
			if (!next.cancelled) {
				if (!next.answered && next.atMs !== null) this.estimate.roundTrip(this.#clock.nowMs - next.atMs);
				next.answered = true;
				if (next.sent === next.wanted.length) this.#end(next);
				this.estimate.arrived(bytes, this.#nowMs(), !this.#queue.length);
				next.answer.progress();
				if (next.sent === next.wanted.length) next.answer.landed(this.#bytes(next.wanted));
			}
			this.#send();
		});
	}

	#bytes({ piece, length }: Wanted): Bytes {
		const begin = piece * 262_144;
		const bytes = this.#content.slice(begin, begin + length);
		if (this.behaviour.corrupt) bytes[0] = (bytes[0] ?? 0) ^ 1;
		return bytes;
	}
}

/** Everybody else, as far as the tracker knows them. */
export class SimulatedSwarm implements Swarm {
	readonly peers: SimulatedPeer[];
	readonly lookupMs: number;
	readonly #clock: SimulatedClock;
	readonly shared = new Set<number>();

	/** The layout of what is asked for, as tracker or neighbours have it. */
	readonly layout: () => Promise<Bytes>;

	constructor(clock: SimulatedClock, peers: SimulatedPeer[], lookupMs: number, layout: () => Promise<Bytes>) {
		this.#clock = clock;
		this.peers = peers;
		this.lookupMs = lookupMs;
		this.layout = layout;
	}

	follow(_content: ContentId, _pieceCount: number, _url: string, follower: Follower) {
		const search: { self: string | null; unanswered: number; lookup: Search["lookup"]; coming: number } = {
			self: null,
			unanswered: 0,
			lookup: "off",
			coming: 0,
		};
		const join = (peer: SimulatedPeer) => {
			if (!peer.alive) return;
			follower.offers(peer, null, []);
			search.unanswered++;
			let answered = false;
			const answer = () => {
				if (!answered) search.unanswered--;
				answered = true;
				follower.searched();
			};
			this.#clock.after(ASK_MS, answer);
			this.#clock.after(peer.behaviour.rttMs ?? 20, () => {
				answer();
				if (!peer.alive) return;
				follower.offers(peer, peer.holdings, []);
			});
			const leave = () => follower.gone(peer);
			peer.onGone = leave;
			const { leavesAtMs } = peer.behaviour;
			if (leavesAtMs !== undefined) this.#clock.after(leavesAtMs - this.#clock.nowMs, leave);
		};
		for (const peer of this.peers) if (peer.behaviour.connectsAtMs == null) join(peer);
		let looked = false;
		return {
			search,
			lookup: () => {
				if (looked) return;
				looked = true;
				search.lookup = "pending";
				const late = this.peers.filter((peer) => peer.behaviour.connectsAtMs != null);
				this.#clock.after(this.lookupMs, () => {
					search.lookup = "answered";
					search.coming = late.filter(({ behaviour }) => !behaviour.unforeseen).length;
					follower.searched();
				});
				for (const peer of late) {
					this.#clock.after(this.lookupMs + (peer.behaviour.connectsAtMs ?? 0), () => {
						if (!peer.behaviour.unforeseen) search.coming--;
						join(peer);
						follower.searched();
					});
				}
			},
			close: () => {},
		};
	}

	share(_content: ContentId, _holdings: Holdings, news: readonly number[]): void {
		for (const piece of news) this.shared.add(piece);
	}

	fetching(): void {}
}

export interface OriginBehaviour {
	readonly rttMs?: number;
	readonly bytesPerMs?: number;
	/** Refuses connections from then on. */
	readonly diesAtMs?: number;
	readonly status?: number;
	/** Other bytes from then on. */
	readonly changesAtMs?: number;
	/** Answers ranges with all of it. */
	readonly ignoresRanges?: boolean;
	/** What it says to `HEAD`; default that of the entry. */
	readonly etag?: string;
}

export class SimulatedOrigin {
	requests: (string | null)[] = [];
	sentBytes = 0;
	readonly behaviour: OriginBehaviour;
	readonly #clock: SimulatedClock;
	readonly #content: Bytes;
	#changed: Bytes | null = null;

	constructor(clock: SimulatedClock, content: Bytes, behaviour: OriginBehaviour) {
		this.#clock = clock;
		this.#content = content;
		this.behaviour = behaviour;
	}

	/** The other bytes that it has after it changed. */
	get changed(): Bytes {
		this.#changed ??= this.#content.map((byte) => byte ^ 0xff);
		return this.#changed;
	}

	get alive(): boolean {
		return this.#clock.nowMs < (this.behaviour.diesAtMs ?? Number.POSITIVE_INFINITY);
	}

	readonly fetch: typeof fetch = async (_, init) => {
		const { rttMs = 50, bytesPerMs = 2000, status, changesAtMs = Number.POSITIVE_INFINITY } = this.behaviour;
		const range = new Headers(init?.headers).get("range");
		this.requests.push(range);
		await this.#clock.sleep(rttMs);
		if (!this.alive) throw new TypeError("refused");
		if (status) return new Response("no", { status });
		if (init?.method === "HEAD") return new Response(null, { headers: { etag: this.behaviour.etag ?? '"1"' } });
		const all = this.#clock.nowMs >= changesAtMs ? this.changed : this.#content;
		const [, first, last] = /bytes=(\d+)-(\d+)/.exec(range ?? "") ?? [];
		const part = first && !this.behaviour.ignoresRanges ? all.subarray(Number(first), Number(last) + 1) : all;
		let at = 0;
		let cancelled = false;
		const body = new ReadableStream<Uint8Array>(
			{
				pull: async (controller) => {
					const chunk = part.slice(at, at + 65_536);
					await this.#clock.sleep(chunk.length / bytesPerMs);
					if (cancelled) return;
					if (init?.signal?.aborted) return controller.error(init.signal.reason);
					if (!this.alive) return controller.error(new TypeError("connection lost"));
					this.sentBytes += chunk.length;
					at += chunk.length;
					controller.enqueue(chunk);
					if (at >= part.length) controller.close();
				},
				cancel: () => {
					cancelled = true;
				},
			},
			{ highWaterMark: 0 },
		);
		return new Response(body, { status: part === all ? 200 : 206 });
	};
}
