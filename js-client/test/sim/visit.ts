import type { Bytes } from "../../src/protocol/bytes.ts";
import type { Entry, SiteCatalog } from "../../src/protocol/catalog.ts";
import type { UrlHash } from "../../src/protocol/ids.ts";
import { decodeLayout, type Layout, pieceLengthOf } from "../../src/protocol/layout.ts";
import { AwakeClock } from "../../src/transfer/awake-clock.ts";
import { Responder } from "../../src/transfer/responder.ts";
import type { PieceOrigin } from "../../src/transfer/transfer.ts";
import { MemoryPieceStore } from "../store/memory-store.ts";
import { SimulatedClock } from "./clock.ts";
import {
	digest,
	type OriginBehaviour,
	type PeerBehaviour,
	SimulatedOrigin,
	SimulatedPeer,
	SimulatedSwarm,
} from "./network.ts";

export const URL_OF_FILE = "https://origin.test/file.bin";

/** Always the same ones for a size and a seed from 1, since who is asked for what depends on their hashes. */
export function bytesOf(size: number, seed = 1): Bytes {
	const words = new Uint32Array(Math.ceil(size / 4));
	let state = seed;
	for (let i = 0; i < words.length; i++) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		words[i] = state;
	}
	return new Uint8Array(words.buffer, 0, size);
}

export async function layoutOf(content: Bytes): Promise<Layout> {
	const length = pieceLengthOf(content.length);
	const hashes: Uint8Array[] = [];
	for (let at = 0; at < content.length; at += length) {
		hashes.push(new Uint8Array(await digest("SHA-256", content.slice(at, at + length))));
	}
	const bytes = new Uint8Array(16 + 32 * hashes.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, 0x52_56_4c_31);
	view.setBigUint64(4, BigInt(content.length));
	view.setUint32(12, length);
	hashes.forEach((hash, i) => {
		bytes.set(hash, 16 + 32 * i);
	});
	return decodeLayout(bytes);
}

export interface Scene {
	readonly size?: number;
	readonly peers?: readonly PeerBehaviour[];
	readonly origin?: OriginBehaviour;
	readonly ranges?: boolean;
	readonly lookupMs?: number;
	readonly fresh?: boolean;
	readonly dueAtMs?: number;
	/** When the visitor's machine stands still with all that runs on it, and for how long. */
	readonly frozen?: { readonly atMs: number; readonly ms: number };
	/** When the layout is there that is not inside the entry; default: it is inside. */
	readonly layoutAtMs?: number;
}

/** One visitor who asks for one resource, everybody else being simulated. */
export class Visit {
	readonly clock = new SimulatedClock();
	readonly content: Bytes;
	readonly layout: Layout;
	readonly peers: SimulatedPeer[];
	readonly origin: SimulatedOrigin;
	readonly swarm: SimulatedSwarm;
	readonly store: MemoryPieceStore;
	readonly responder: Responder;
	readonly pieces: PieceOrigin[] = [];
	readonly contradicted: string[] = [];
	readonly missing: string[] = [];
	readonly suspended = new Set<string>();
	/** When what is served should be complete; null: as soon as can be. */
	dueAtMs: number | null;
	originBytes = 0;
	rejected = 0;
	late = 0;

	static async of(scene: Scene): Promise<Visit> {
		const content = bytesOf(scene.size ?? 4_000_000);
		return new Visit(scene, content, await layoutOf(content));
	}

	constructor(scene: Scene, content: Bytes, layout: Layout) {
		const { clock } = this;
		const { frozen } = scene;
		const time = new AwakeClock({
			nowMs: () => clock.nowMs + (frozen && clock.nowMs > frozen.atMs ? frozen.ms : 0),
			every: (ms, callback) => clock.every(ms, callback),
		});
		this.content = content;
		this.dueAtMs = scene.dueAtMs ?? null;
		this.layout = layout;
		this.peers = (scene.peers ?? []).map(
			(behaviour, i) =>
				new SimulatedPeer(clock, content, layout.pieceCount, { id: `peer-${i}`, ...behaviour }, () => time.nowMs()),
		);
		this.origin = new SimulatedOrigin(clock, content, scene.origin ?? {});
		this.swarm = new SimulatedSwarm(clock, this.peers, scene.lookupMs ?? 20, async () => {
			await clock.sleep((scene.layoutAtMs ?? 0) - clock.nowMs);
			return layout.bytes;
		});
		this.store = new MemoryPieceStore();
		this.responder = new Responder({
			catalog: this.#catalog(scene),
			store: this.store,
			swarm: this.swarm,
			fetch: this.origin.fetch,
			nowMs: () => time.nowMs(),
			every: (ms, callback) => time.every(ms, callback),
			missing: (url) => void this.missing.push(url),
			origins: new Map(),
			late: () => {
				this.late++;
			},
			tally: {
				origin: (bytes) => {
					this.originBytes += bytes;
				},
				verified: (piece) => void this.pieces.push(piece),
				rejected: () => {
					this.rejected++;
				},
				contradicted: (url) => void this.contradicted.push(url),
			},
		});
	}

	#catalog(scene: Scene): SiteCatalog {
		const entry: Entry = {
			url: "" as UrlHash,
			content: this.layout.contentId,
			size: this.content.length,
			...(scene.layoutAtMs === undefined && { layout: this.layout }),
			headers: { "content-type": "application/octet-stream" },
			etag: '"1"',
			freshUntil: 0,
			ranges: scene.ranges ?? true,
		};
		return {
			stale: false,
			applyCatalog: async () => {},
			applyBatch: async () => true,
			lookup: async (url) => (url === URL_OF_FILE && !this.suspended.has(url) ? entry : null),
			entryOf: () => entry,
			isFresh: () => scene.fresh ?? true,
			refresh: async () => {},
			suspend: async (url) => void this.suspended.add(url),
		};
	}

	serve(range: string | null = null, signal: AbortSignal = new AbortController().signal) {
		const due = this.dueAtMs === null ? {} : { dueMs: () => (this.dueAtMs ?? 0) - this.clock.nowMs };
		return this.responder.serve({ url: URL_OF_FILE, range, signal, ...due });
	}

	/** All bytes of the answer, as fast as they come. */
	async download(range: string | null = null, limitMs?: number): Promise<Bytes | null> {
		const all = async () => {
			const served = await this.serve(range);
			return served && new Uint8Array(await new Response(served.body).arrayBuffer());
		};
		return await this.clock.settle(all(), limitMs);
	}

	/** Share of the bytes that came from sources of a kind. */
	share(...sources: PieceOrigin["source"][]): number {
		const sum = (pieces: readonly PieceOrigin[]) => pieces.reduce((bytes, piece) => bytes + piece.bytes, 0);
		return sum(this.pieces.filter(({ source }) => sources.includes(source))) / sum(this.pieces);
	}
}
