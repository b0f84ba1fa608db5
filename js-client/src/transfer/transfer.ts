import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId } from "../protocol/ids.ts";
import type { Layout } from "../protocol/layout.ts";
import type { PieceStore } from "../store/piece-store.ts";
import { Estimate } from "./estimate.ts";
import { type AsIs, readRun } from "./origin.ts";
import type { Run } from "./origin-plan.ts";
import { type Action, type Flight, Plan, type Reading, WINDOW_BYTES } from "./plan.ts";
import type { Following, PieceSource, SourceKind, Swarm } from "./source.ts";

/** How often the plan is looked at while something is being read. */
const TICK_MS = 50;

/** Where bytes come from, as they are counted. */
export type Path = "store" | "peers" | "edges" | "origin";

const PATHS: Readonly<Record<SourceKind, Path>> = { page: "peers", edge: "edges", http: "edges" };

/** Where a verified piece came from. */
export interface PieceOrigin {
	readonly url: string;
	readonly content: ContentId;
	readonly piece: number;
	readonly source: Path;
	/** Peer id of a visitor or an edge, base URL of an HTTP holder. */
	readonly from?: string;
	/** Length of the piece. */
	readonly bytes: number;
}

/** Told of everything worth counting. */
export interface Tally {
	/** Payload bytes that the origin sent. */
	origin(bytes: number): void;
	/** A piece has its right bytes, and where from. */
	verified(piece: PieceOrigin): void;
	/** A piece had other bytes than it should have. */
	rejected(): void;
	/** The origin has other bytes than the entry of this URL says. */
	contradicted(url: string): void;
}

/** What a transfer needs of the world. */
export interface World {
	readonly store: Pick<PieceStore, "read" | "write">;
	readonly swarm: Swarm;
	readonly tally: Tally;
	/** How fast origins are, as far as they were asked. */
	readonly origins: Map<string, Estimate>;
	fetch: typeof fetch;
	nowMs(): number;
	/** Calls back again and again; the result ends it. */
	every(ms: number, callback: () => void): () => void;
}

/** Reads a part of a content, in order. */
export interface TransferReader {
	/** Verified bytes; null at the end. @throws TypeError as `fetch` would when nobody has them any more. */
	next(): Promise<Bytes | null>;
	/** The origin's own response, when it contradicted the entry before anything was delivered; only one reader gets it. */
	takeAsIs(): AsIs | null;
	close(): void;
}

/** One version of one resource on its way: shared by all its readers, gone with the last. */
export class Transfer {
	readonly #world: World;
	readonly #layout: Layout;
	readonly #url: string;
	readonly #plan: Plan<PieceSource>;
	readonly #following: Following;
	readonly #memory = new Map<number, Bytes>();
	/** Pieces that an earlier transfer left in the store. */
	readonly #stored: ReadonlySet<number>;
	readonly #cancels = new Map<Flight<PieceSource>, () => void>();
	readonly #aborts = new Map<Run, AbortController>();
	readonly #originEstimate: Estimate;
	readonly #whenClosed: () => void;
	readonly #endTicks: () => void;
	#waiting: (() => void)[] = [];
	#pumpScheduled = false;
	#failed = false;
	#closed = false;
	#asIs: AsIs | null = null;

	constructor(
		world: World,
		layout: Layout,
		{ url, ranges }: { readonly url: string; readonly ranges: boolean },
		stored: ReadonlySet<number>,
		whenClosed: () => void,
	) {
		this.#world = world;
		this.#layout = layout;
		this.#url = url;
		this.#stored = stored;
		this.#whenClosed = whenClosed;
		const { contentId, pieceCount, pieceLength } = layout;
		// of a resource of one piece there is no more than its size to ask for
		const shape = { pieceCount, pieceLength: Math.min(pieceLength, layout.size), ranges };
		const plan = new Plan<PieceSource>(contentId, shape, world.nowMs());
		this.#plan = plan;
		const { origin } = new URL(url);
		this.#originEstimate = world.origins.get(origin) ?? new Estimate();
		world.origins.set(origin, this.#originEstimate);
		this.#measure();
		for (const piece of stored) plan.done.add(piece);
		if (stored.size) world.swarm.share(contentId, plan.done, []);
		this.#following = world.swarm.follow(contentId, pieceCount, url, {
			offers: (source, holdings, news) => {
				plan.offers(source, holdings, news, world.nowMs());
				this.#changed();
			},
			gone: (source) => {
				plan.gone(source);
				this.#changed();
			},
			searched: () => this.#changed(),
			wants: (source, wants) => {
				plan.wants(source, wants);
				this.#changed();
			},
			fetching: (source, pieces, stop) => {
				plan.fetching(source, pieces, stop, world.nowMs());
				this.#changed();
			},
		});
		if (!plan.done.complete) this.#following.lookup();
		this.#endTicks = world.every(TICK_MS, () => this.#pump());
	}

	/** Bytes from `begin` to before `end`. @param dueMs as of a `Reading` */
	read(begin: number, end: number, dueMs?: () => number): TransferReader {
		const { pieceLength } = this.#layout;
		const reading: Reading = {
			piece: Math.floor(begin / pieceLength),
			end: Math.ceil(end / pieceLength),
			waitingSinceMs: null,
			hungrySinceMs: null,
			delivered: false,
			...(dueMs && { dueMs }),
		};
		this.#plan.readings.add(reading);
		this.#changed();
		return {
			next: async () => {
				if (reading.piece >= reading.end) return null;
				const { piece } = reading;
				const bytes = await this.#piece(reading);
				const offset = this.#layout.offset(piece);
				reading.piece++;
				reading.delivered = true;
				this.#forgetPassed();
				this.#changed();
				return bytes.subarray(Math.max(0, begin - offset), end - offset);
			},
			takeAsIs: () => {
				const asIs = this.#asIs;
				this.#asIs = null;
				return asIs;
			},
			close: () => {
				if (this.#plan.readings.delete(reading) && !this.#plan.readings.size) this.#close();
				this.#wake();
			},
		};
	}

	async #piece(reading: Reading): Promise<Bytes> {
		const { piece } = reading;
		for (;;) {
			if (this.#failed || !this.#plan.readings.has(reading)) throw new TypeError("network error");
			if (this.#plan.done.has(piece)) {
				const bytes = this.#memory.get(piece) ?? (await this.#readStored(piece));
				if (bytes) {
					reading.waitingSinceMs = null;
					return bytes;
				}
				this.#plan.done.remove(piece);
			}
			reading.waitingSinceMs ??= this.#world.nowMs();
			this.#changed();
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	async #readStored(piece: number): Promise<Bytes | null> {
		const bytes = await this.#world.store.read(this.#layout.contentId, piece);
		if (bytes && this.#stored.has(piece)) this.#tell(piece, "store");
		return bytes;
	}

	#tell(piece: number, source: Path, from?: string): void {
		const { contentId } = this.#layout;
		const bytes = this.#layout.length(piece);
		this.#world.tally.verified({ url: this.#url, content: contentId, piece, source, bytes, ...(from && { from }) });
	}

	#changed(): void {
		if (this.#pumpScheduled) return;
		this.#pumpScheduled = true;
		queueMicrotask(() => this.#pump());
	}

	#pump(): void {
		this.#pumpScheduled = false;
		if (this.#closed) return;
		for (const action of this.#plan.decide(this.#world.nowMs(), this.#following.search)) this.#act(action);
	}

	#act(action: Action<PieceSource>): void {
		switch (action.type) {
			case "request":
				this.#request(action.flight);
				break;
			case "cancel":
				this.#cancels.get(action.flight)?.();
				this.#cancels.delete(action.flight);
				break;
			case "origin":
				// readRun does not reject
				void this.#askOrigin(action.run);
				break;
			case "abort":
				this.#aborts.get(action.run)?.abort();
				break;
			case "lookup":
				this.#following.lookup();
				break;
			case "fail":
				this.#failed = true;
				this.#wake();
				break;
			default:
				action satisfies never;
		}
	}

	#request(flight: Flight<PieceSource>): void {
		const { piece, source } = flight;
		const { contentId } = this.#layout;
		const wanted = { content: contentId, piece, length: this.#layout.length(piece), url: this.#url };
		const failed = (gone: boolean) => {
			this.#cancels.delete(flight);
			this.#plan.failed(flight, gone, this.#world.nowMs());
			this.#changed();
		};
		const verify = async (bytes: Bytes) => {
			if (await this.#layout.verify(piece, bytes)) {
				this.#plan.landed(flight, this.#world.nowMs());
				this.#cancels.delete(flight);
				this.#land(piece, bytes, PATHS[source.kind], source.id);
				return;
			}
			this.#world.tally.rejected();
			failed(true);
			source.sentBadPiece(contentId, piece);
		};
		const cancel = source.request(wanted, {
			progress: () => this.#plan.progress(flight, this.#world.nowMs()),
			landed: (bytes) => void verify(bytes),
			failed,
		});
		this.#cancels.set(flight, cancel);
	}

	/** A piece was verified: keeps it, offers it to others, wakes who waits for it. */
	#land(piece: number, bytes: Bytes, source: Path, from?: string): void {
		const { contentId, pieceCount } = this.#layout;
		this.#tell(piece, source, from);
		if (!this.#closed) this.#memory.set(piece, bytes);
		const { store, swarm } = this.#world;
		// no method of a store rejects, and what it has not written yet it reads all the same
		void store.write(contentId, pieceCount, piece, bytes);
		swarm.share(contentId, this.#plan.done, [piece]);
		this.#wake();
		this.#changed();
	}

	async #askOrigin(run: Run): Promise<void> {
		const { nowMs, tally } = this.#world;
		const plan = this.#plan;
		const estimate = this.#originEstimate;
		const abort = new AbortController();
		this.#aborts.set(run, abort);
		this.#announce(run, false);
		const startedMs = nowMs();
		let began = false;
		const end = await readRun(
			this.#world.fetch,
			this.#url,
			this.#layout,
			run,
			{
				room: (piece) => this.#room(piece),
				began: () => {
					began = true;
					estimate.roundTrip(nowMs() - startedMs);
					estimate.begin();
				},
				received: (bytes) => {
					tally.origin(bytes);
					estimate.arrived(bytes, nowMs(), false);
					this.#measure();
					plan.progress(run, nowMs());
				},
				landed: (bytes) => {
					const piece = run.at;
					plan.runLanded(run, nowMs());
					this.#land(piece, bytes, "origin");
				},
			},
			abort.signal,
		);
		this.#aborts.delete(run);
		this.#announce(run, true);
		if (began) estimate.end(nowMs());
		this.#measure();
		if (abort.signal.aborted) return;
		if (end.type === "ranges-refused") plan.origin.ranges = false;
		if (end.type === "failed") plan.origin.failed(run, nowMs());
		else plan.origin.ended(run);
		if (end.type === "contradicted") this.#contradicted(end.asIs);
		this.#changed();
	}

	#measure(): void {
		const { bytesPerMs, lastBytesMs, rttMs } = this.#originEstimate;
		const { origin } = this.#plan;
		origin.bytesPerMs = bytesPerMs;
		origin.measuredMs = lastBytesMs;
		origin.leadBytes = bytesPerMs * rttMs;
	}

	/** Tells others which pieces of a run are on their way, or are not after all. */
	#announce({ at, to }: Run, stop: boolean): void {
		const pieces = [];
		for (let piece = at; piece < to; piece++) if (!this.#plan.done.has(piece)) pieces.push(piece);
		if (pieces.length) this.#world.swarm.fetching(this.#layout.contentId, pieces, stop);
	}

	#contradicted(asIs: AsIs | null): void {
		this.#plan.origin.contradicts = true;
		this.#world.tally.rejected();
		this.#world.tally.contradicted(this.#url);
		// The origin is the authority: who got nothing yet gets what it has now, not the old version from others.
		if ([...this.#plan.readings].some((reading) => reading.delivered)) return;
		this.#asIs = asIs;
		this.#failed = true;
		this.#wake();
	}

	/** A whole response is read no further than a window ahead of its readers. */
	async #room(piece: number): Promise<void> {
		while (!this.#closed && ![...this.#plan.readings].some((reading) => piece < reading.piece + this.#window)) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	/** Pieces behind every reader need no memory any more; nor do those that one has passed and another is far from. */
	#forgetPassed(): void {
		const readings = [...this.#plan.readings];
		for (const piece of this.#memory.keys()) {
			if (!readings.some((reading) => reading.piece <= piece && piece < reading.piece + this.#window)) {
				this.#memory.delete(piece);
			}
		}
		this.#wake();
	}

	get #window(): number {
		return WINDOW_BYTES / this.#layout.pieceLength;
	}

	#wake(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const resolve of waiting) resolve();
	}

	#close(): void {
		this.#pump();
		this.#closed = true;
		this.#endTicks();
		this.#following.close();
		this.#memory.clear();
		void this.#asIs?.body.cancel();
		this.#wake();
		this.#whenClosed();
	}
}
