import { Neighbours } from "../../src/engine/neighbours.ts";
import type { LinkEnds, LinkListener, SignalledLink } from "../../src/engine/peer-link.ts";
import { SiteSwarm } from "../../src/engine/site-swarm.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { Entry } from "../../src/protocol/catalog.ts";
import type { ContentId, PeerId, UrlHash } from "../../src/protocol/ids.ts";
import type { Layout } from "../../src/protocol/layout.ts";
import { MAX_SEND_BUFFER_BYTES } from "../../src/protocol/limits.ts";
import type { FoundPeer, SignalBody } from "../../src/protocol/messages.ts";
import { Responder } from "../../src/transfer/responder.ts";
import type { PieceOrigin } from "../../src/transfer/transfer.ts";
import { MemoryPieceStore } from "../store/memory-store.ts";
import { SimulatedClock } from "./clock.ts";
import { bytesOf, layoutOf } from "./visit.ts";

/** What an origin hands to its uplink at once: one flow's turn. */
const QUANTUM_BYTES = 16_384;

export interface CrowdScene {
	readonly originBytesPerMs: number;
	readonly originMs?: number;
	/** There and back between two visitors. */
	readonly rttMs?: number;
	/** What one visitor sends to all others together. */
	readonly uplinkBytesPerMs?: number;
	/** From the offer to open channels. */
	readonly connectMs?: number;
}

export interface Habits {
	readonly uplinkBytesPerMs?: number;
	/** It sends no block beyond these. */
	readonly stallsAfterBytes?: number;
}

/** Several visitors with the real engine, whose links, tracker, origin and clock are simulated. */
export class Crowd {
	readonly clock = new SimulatedClock();
	readonly scene: Required<CrowdScene>;
	readonly visitors: Visitor[] = [];
	readonly resources = new Map<string, { readonly bytes: Bytes; readonly layout: Layout }>();
	readonly holders = new Map<ContentId, Set<PeerId>>();
	readonly offers = new Map<string, SimulatedLink>();
	originBytes = 0;
	#originFreeMs = 0;

	constructor(scene: CrowdScene) {
		this.scene = { originMs: 30, rttMs: 2, uplinkBytesPerMs: 12_000, connectMs: 60, ...scene };
	}

	/** The origin has so many bytes there. */
	async add(url: string, size: number): Promise<void> {
		const bytes = bytesOf(size, this.resources.size + 1);
		this.resources.set(url, { bytes, layout: await layoutOf(bytes) });
	}

	/** A visitor arrives: known to the tracker, and connecting to those that are there. */
	arrive(habits: Habits = {}): Visitor {
		const visitor = new Visitor(this, this.visitors.length, habits);
		const peers = this.visitors
			.filter(({ here }) => here)
			.map(({ id }): FoundPeer => ({ id, role: "page", holds: [] }));
		this.visitors.push(visitor);
		visitor.swarm.hint({ type: "peers", http: [], peers });
		return visitor;
	}

	visitor(id: PeerId): Visitor | undefined {
		return this.visitors.find((visitor) => visitor.id === id && visitor.here);
	}

	/** Copies of what there is, sent by the origin. */
	get copies(): number {
		let all = 0;
		for (const { bytes } of this.resources.values()) all += bytes.length;
		return this.originBytes / all;
	}

	fetch(visitor: Visitor): typeof fetch {
		return async (input, init) => {
			const { clock, scene } = this;
			const resource = this.resources.get(String(input).split("#")[0] ?? "");
			await clock.sleep(scene.originMs);
			if (!resource) return new Response(null, { status: 404 });
			const [, first, last] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get("range") ?? "") ?? [];
			const part = first ? resource.bytes.subarray(Number(first), Number(last) + 1) : resource.bytes;
			visitor.asked.push([Math.round(clock.nowMs), part.length]);
			let at = 0;
			let cancelled = false;
			const body = new ReadableStream<Uint8Array>(
				{
					pull: async (controller) => {
						const chunk = part.slice(at, at + QUANTUM_BYTES);
						this.#originFreeMs = Math.max(clock.nowMs, this.#originFreeMs) + chunk.length / scene.originBytesPerMs;
						this.originBytes += chunk.length;
						visitor.originBytes += chunk.length;
						await clock.sleep(this.#originFreeMs - clock.nowMs);
						if (cancelled) return;
						if (init?.signal?.aborted) return controller.error(init.signal.reason);
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
			return new Response(body, { status: first ? 206 : 200 });
		};
	}
}

/** A page with everything but a browser. */
export class Visitor {
	readonly id: PeerId;
	readonly store: MemoryPieceStore;
	readonly neighbours: Neighbours;
	readonly swarm: SiteSwarm;
	readonly responder: Responder;
	readonly habits: Habits;
	readonly crowd: Crowd;
	/** Verified pieces, with the time. */
	readonly pieces: (PieceOrigin & { readonly atMs: number })[] = [];
	/** Requests to the origin: when they were answered, and for how many bytes. */
	readonly asked: [number, number][] = [];
	here = true;
	readonly #leaving = new AbortController();
	originBytes = 0;
	receivedBytes = 0;
	sentBytes = 0;
	uplinkFreeMs = 0;

	constructor(crowd: Crowd, n: number, habits: Habits) {
		const { clock, holders } = crowd;
		this.id = `visitor-${n}`.padEnd(21, "_").concat("A") as PeerId;
		this.crowd = crowd;
		this.habits = habits;
		const nowMs = () => clock.nowMs;
		const every = (ms: number, callback: () => void) => clock.every(ms, callback);
		this.store = new MemoryPieceStore();
		this.neighbours = new Neighbours({
			makeLink: (ends) => new SimulatedLink(this, ends),
			shelf: {
				open: () => this.swarm.uploads,
				waitMs: () => 0,
				holdings: (content) => this.swarm.holdings(content),
				fetching: (content) => this.swarm.underWay(content),
				piece: async (content, index) =>
					this.swarm.holdings(content)?.has(index) ? this.store.read(content, index) : null,
				layout: async () => null,
				uploaded: () => {},
			},
			signal: (to, session, body) =>
				clock.after(crowd.scene.rttMs / 2, () =>
					crowd.visitor(to)?.neighbours.receive({ type: "signal", from: this.id, role: "page", session, ...body }),
				),
			nowMs,
			every,
			listener: {
				joining: () => {},
				opened: (session) => this.swarm.opened(session),
				ready: (session) => this.swarm.ready(session),
				holds: (...what) => this.swarm.holds(...what),
				wants: (...what) => this.swarm.wants(...what),
				fetching: (...what) => this.swarm.isFetching(...what),
				received: (_, bytes) => {
					this.receivedBytes += bytes;
				},
				sentBadPiece: () => {},
				closed: (session) => this.swarm.gone(session),
			},
		});
		this.neighbours.configure(this.id, [], false);
		this.swarm = new SiteSwarm({
			neighbours: this.neighbours,
			directory: () => ({
				state: "open",
				lookup: async (content, exclude) => {
					await clock.sleep(5);
					const others = [...(holders.get(content) ?? [])].filter((id) => id !== this.id && !exclude.includes(id));
					const peers = others.map((id): FoundPeer => ({ id, role: "page", holds: [content] }));
					return { type: "peers", peers, http: [] };
				},
				retract: (content) => void holders.get(content)?.delete(this.id),
				announce: (content) => void holders.set(content, (holders.get(content) ?? new Set()).add(this.id)),
			}),
			fetchLayout: async () => null,
			receivedOverHttp: () => {},
			mayFetch: () => true,
			nowMs,
			after: (ms, callback) => clock.after(ms, callback),
		});
		this.swarm.uploads = true;
		this.responder = new Responder({
			store: this.store,
			swarm: this.swarm,
			catalog: {
				stale: false,
				applyCatalog: async () => {},
				applyBatch: async () => true,
				lookup: async (url) => this.#entry(url),
				entryOf: () => null,
				isFresh: () => true,
				refresh: async () => {},
				suspend: async () => {},
			},
			fetch: crowd.fetch(this),
			nowMs,
			every,
			missing: () => {},
			origins: new Map(),
			late: () => {},
			tally: {
				origin: () => {},
				verified: (piece) => void this.pieces.push({ ...piece, atMs: clock.nowMs }),
				rejected: () => {},
				contradicted: () => {},
			},
		});
	}

	#entry(url: string): Entry | null {
		const resource = this.crowd.resources.get(url);
		if (!resource) return null;
		const { layout } = resource;
		return {
			url: "" as UrlHash,
			content: layout.contentId,
			size: layout.size,
			layout,
			headers: {},
			freshUntil: 0,
			ranges: true,
		};
	}

	/** Reads a resource to its end, or until it leaves. @returns how long that took, in milliseconds */
	async download(url: string, dueMs?: () => number): Promise<number> {
		const { clock, resources } = this.crowd;
		const beganMs = clock.nowMs;
		try {
			const { signal } = this.#leaving;
			const served = await this.responder.serve({ url, range: null, signal, ...(dueMs && { dueMs }) });
			const bytes = new Uint8Array(await new Response(served?.body).arrayBuffer());
			if (Buffer.compare(bytes, resources.get(url)?.bytes ?? new Uint8Array()) !== 0) throw new Error("wrong bytes");
		} catch (error) {
			if (this.here) throw error;
		}
		return clock.nowMs - beganMs;
	}

	leave(): void {
		this.here = false;
		this.#leaving.abort();
		this.neighbours.close(true);
		for (const holders of this.crowd.holders.values()) holders.delete(this.id);
	}
}

/** Blocks take their turn on the sender's uplink; everything travels for half a round trip. */
class SimulatedLink implements SignalledLink {
	readonly #visitor: Visitor;
	readonly #ends: LinkEnds;
	#other: SimulatedLink | null = null;
	#state: "connecting" | "open" | "closed" = "connecting";
	bufferedBytes = 0;

	constructor(visitor: Visitor, ends: LinkEnds) {
		this.#visitor = visitor;
		this.#ends = ends;
		if (!ends.offers) return;
		const { offers } = visitor.crowd;
		const offer = `offer ${offers.size}`;
		offers.set(offer, this);
		this.#after(0, () => ends.signal({ offer }));
	}

	sendControl(text: string): void {
		if (this.#state === "open") this.#toOther((listener) => listener.control(text));
	}

	sendBlock(bytes: Bytes): void {
		if (this.#state !== "open") return;
		const { clock, scene } = this.#visitor.crowd;
		const { stallsAfterBytes = Number.POSITIVE_INFINITY, uplinkBytesPerMs = scene.uplinkBytesPerMs } =
			this.#visitor.habits;
		this.bufferedBytes += bytes.length;
		if (this.#visitor.sentBytes >= stallsAfterBytes) return;
		this.#visitor.sentBytes += bytes.length;
		this.#visitor.uplinkFreeMs = Math.max(clock.nowMs, this.#visitor.uplinkFreeMs) + bytes.length / uplinkBytesPerMs;
		const block = bytes.slice().buffer;
		this.#after(this.#visitor.uplinkFreeMs - clock.nowMs, () => {
			const before = this.bufferedBytes;
			this.bufferedBytes -= bytes.length;
			this.#toOther((listener) => listener.block(block));
			const low = MAX_SEND_BUFFER_BYTES / 2;
			if (before > low && this.bufferedBytes <= low) this.#ends.listener.drained();
		});
	}

	close(): void {
		if (this.#state === "closed") return;
		this.#state = "closed";
		const other = this.#other;
		if (other) other.#after(this.#visitor.crowd.scene.rttMs, () => other.close());
		this.#ends.listener.closed();
	}

	receive(body: SignalBody): void {
		if (this.#state !== "connecting") return;
		if ("close" in body) this.close();
		else if ("offer" in body) this.#accept(body.offer);
	}

	#accept(offer: string): void {
		const { offers, scene } = this.#visitor.crowd;
		const other = offers.get(offer);
		if (!other) {
			this.close();
			return;
		}
		this.#other = other;
		other.#other = this;
		this.#ends.signal({ answer: "simulated" });
		for (const end of [this, other]) end.#after(scene.connectMs, () => end.#open());
	}

	#open(): void {
		this.#state = "open";
		this.#ends.listener.opened();
	}

	#toOther(act: (listener: LinkListener) => void): void {
		const other = this.#other;
		if (other) other.#after(this.#visitor.crowd.scene.rttMs / 2, () => act(other.#ends.listener));
	}

	#after(ms: number, act: () => void): void {
		this.#visitor.crowd.clock.after(ms, () => {
			if (this.#state !== "closed") act();
		});
	}
}
