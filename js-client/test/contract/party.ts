import { Neighbours } from "../../src/engine/neighbours.ts";
import type { PeerSession } from "../../src/engine/peer-session.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { ContentId, PeerId } from "../../src/protocol/ids.ts";
import type { IceServer, Role, SignalBody } from "../../src/protocol/messages.ts";
import { Holdings } from "../../src/transfer/holdings.ts";
import { MemoryNetwork } from "./memory-link.ts";

/** Passes signals on, as the tracker does. */
export class Exchange {
	readonly network = new MemoryNetwork();
	readonly parties = new Map<PeerId, Party>();
	readonly raw = new Map<PeerId, (from: PeerId, session: string, body: SignalBody) => void>();
	readonly passed: { from: PeerId; to: PeerId; body: SignalBody }[] = [];
	nowMs = 0;
	readonly timers = new Set<() => void>();

	pass(from: PeerId, to: PeerId, session: string, body: SignalBody): void {
		this.passed.push({ from, to, body });
		setImmediate(() => {
			const role = this.parties.get(from)?.role ?? "page";
			this.raw.get(to)?.(from, session, body);
			this.parties.get(to)?.neighbours.receive({ type: "signal", from, role, session, ...body });
		});
	}

	/** Lets everybody's regular work happen once. */
	tick(ms: number): void {
		this.nowMs += ms;
		for (const timer of [...this.timers]) timer();
	}
}

export interface Happened {
	readonly content: ContentId;
	readonly pieces: number[];
}

/** A page or an edge with neighbours. */
export class Party {
	readonly id: PeerId;
	readonly role: Role;
	readonly neighbours: Neighbours;
	readonly shelf = new Map<ContentId, { holdings: Holdings; pieces: Bytes[]; layout?: Bytes }>();
	/** What it asks every neighbour about at once, with the number of pieces. */
	readonly follows = new Map<ContentId, number>();
	readonly ready: PeerSession[] = [];
	readonly closed: PeerSession[] = [];
	readonly heard: Happened[] = [];
	readonly accused: PeerId[] = [];
	/** By which each of its links was to find its way. */
	readonly servers: (readonly IceServer[])[] = [];
	/** Whether neighbours want something, and would give it, as it changed. */
	readonly wanted: boolean[] = [];
	receivedBytes = 0;
	/** Whether it gives to others, and how long each block has to wait. */
	gives = true;
	waitMs = 0;
	uploadedBytes = 0;
	#wake: () => void = () => {};

	constructor(exchange: Exchange, id: string, { role = "page" as Role, edgesOnly = false } = {}) {
		this.id = id as PeerId;
		this.role = role;
		exchange.parties.set(this.id, this);
		this.neighbours = new Neighbours({
			makeLink: (ends) => {
				this.servers.push(ends.ice);
				return exchange.network.makeLink(ends);
			},
			shelf: {
				open: () => this.gives,
				waitMs: () => this.waitMs,
				holdings: (content) => this.shelf.get(content)?.holdings ?? null,
				fetching: () => [],
				piece: async (content, index) => this.shelf.get(content)?.pieces[index] ?? null,
				layout: async (content) => this.shelf.get(content)?.layout ?? null,
				uploaded: (bytes) => {
					this.uploadedBytes += bytes;
				},
			},
			signal: (to, session, body) => exchange.pass(this.id, to, session, body),
			nowMs: () => exchange.nowMs,
			every: (_, callback) => {
				exchange.timers.add(callback);
				return () => exchange.timers.delete(callback);
			},
			listener: {
				joining: () => {},
				opened: (session) => {
					session.follow(this.follows);
					session.tellWants();
				},
				ready: (session) => {
					this.ready.push(session);
					this.#wake();
				},
				holds: (_, content, holdings) => {
					const pieces = Array.from({ length: holdings.pieceCount }, (_, piece) => piece);
					this.heard.push({ content, pieces: pieces.filter((piece) => holdings.has(piece)) });
					this.#wake();
				},
				wants: (_, __, wants) => void this.wanted.push(wants),
				fetching: () => {
					throw new Error("nobody fetches here");
				},
				received: (_, bytes) => {
					this.receivedBytes += bytes;
				},
				sentBadPiece: ({ id: peer }) => void this.accused.push(peer),
				closed: (session) => {
					this.closed.push(session);
					this.#wake();
				},
			},
		});
		this.neighbours.configure(this.id, [], edgesOnly);
	}

	/** Offers a content of these pieces; only those with bytes are held. */
	offer(content: string, pieces: readonly (Bytes | null)[]): void {
		const holdings = new Holdings(pieces.length);
		pieces.forEach((piece, index) => {
			if (piece) holdings.add(index);
		});
		this.shelf.set(content as ContentId, { holdings, pieces: pieces.map((piece) => piece ?? new Uint8Array()) });
	}

	async until(condition: () => boolean): Promise<void> {
		while (!condition()) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}
}

/** Lets everything happen that does not depend on time. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
}
