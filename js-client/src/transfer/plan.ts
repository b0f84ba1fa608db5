import { Holdings } from "./holdings.ts";
import type { Search, Source } from "./source.ts";

/** How far ahead of a reader pieces are fetched. */
export const WINDOW_BYTES = 16_777_216;
/** How long a first holder may take to be found and connected before the origin is asked for more than the first piece. */
export const FIRST_HOLDER_MS = 300;
/** Asked of a source however slow it is. */
export const MIN_OUTSTANDING = 2;
/** What is asked for on top of a round trip's worth, so that the pipe never runs empty. */
const AHEAD_MS = 250;
/** A source that is expected to need longer is left alone for a piece that is needed now. */
export const TOO_SLOW_MS = 2000;
/** A reader is assumed to be content with this: 1 MiB/s. Slower sources get pieces that are needed later. */
const ENOUGH_BYTES_PER_MS = 1049;
/** Of a source not measured yet: 4 MiB/s. */
const PRESUMED_BYTES_PER_MS = 4194;
/** A source silent for this long, beyond what was expected, has stalled: its pieces are asked of others. */
export const STALL_MS = 1000;
/** So has a request without progress for this long, even if its source sends other pieces. */
const FORGOTTEN_MS = 3000;
/** What an edge may take longer while it gets a piece from the origin. */
const PULL_THROUGH_MS = 2000;
/** Without a single block for this long a piece that a reader waits for is asked of another as well. */
const LATE_MS = 600;
/** Progress or not: so is a piece past its time by this much. */
const HARD_LATE_MS = 1500;
/** A source that would be late itself is no help with a late piece: the origin is. */
const HELP_MS = 400;
/** A page that got new pieces within this is expected to get the next ones as well. */
const GROWING_MS = 1000;
/** How long a reader waits for such a page. */
const GROWN_MS = 500;
/** The longest range asked of the origin at once. */
export const MAX_RUN_BYTES = 8_388_608;
const MAX_RUNS = 4;
/** Pieces per origin range while holders are being connected. */
const CAUTIOUS_PIECES = 2;
/** An origin range without progress for this long no longer counts on the origin. */
const RUN_STALL_MS = 3000;
/** An origin that failed is left alone for this long, doubled with each failure. */
const RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
/** Pause of a source that stalled, doubled each time. */
const STRIKE_MS = 1000;
const MAX_STRIKE_MS = 30_000;
/** How often the tracker is asked again: with and without a holder of what is needed next. */
const LOOKUP_MS = 10_000;
const ANXIOUS_LOOKUP_MS = 2000;
/** Without progress for this long, and no origin, a response fails. */
export const GIVE_UP_MS = 30_000;
/** Pieces that a whole response of the origin is about to bring itself. */
const WHOLE_AHEAD = 4;

/** One response being read, in pieces. */
export interface Reading {
	/** The next piece it needs. */
	piece: number;
	/** The first piece it does not need. */
	readonly end: number;
	/** Since when it waits for `piece`; null while it does not. */
	waitingSinceMs: number | null;
	/** Whether it delivered anything. */
	delivered: boolean;
}

export interface Flight<S extends Source> {
	readonly piece: number;
	readonly source: S;
	/** When the first block should be there, generously. */
	readonly answerMs: number;
	/** When all of it should be there, generously. */
	readonly dueMs: number;
	progressMs: number;
}

/** Consecutive pieces asked of the origin in one request. */
export interface Run {
	readonly from: number;
	readonly to: number;
	/** Without a range. */
	readonly whole: boolean;
	/** The piece that comes next. */
	at: number;
	progressMs: number;
}

export type Action<S extends Source> =
	| { readonly type: "request"; readonly flight: Flight<S> }
	| { readonly type: "cancel"; readonly flight: Flight<S> }
	| { readonly type: "origin"; readonly run: Run }
	| { readonly type: "abort"; readonly run: Run }
	| { readonly type: "lookup" }
	| { readonly type: "fail" };

interface Offer {
	/** Null: it has not said. */
	holdings: Holdings | null;
	lacks: Set<number>;
	grewMs: number;
	strikes: number;
	pausedUntilMs: number;
}

interface Want {
	readonly piece: number;
	/** Pieces between the reader and this one. */
	readonly distance: number;
	readonly reading: Reading;
}

export interface Shape {
	readonly pieceCount: number;
	/** Bytes in every piece but the last. */
	readonly pieceLength: number;
	/** Whether the origin can be asked for a range. */
	readonly ranges: boolean;
}

/**
 * Decides which piece of one content is asked of whom. It knows no clock, no network and no bytes: what happens is told to
 * it, and `decide` answers with what to do next.
 *
 * The objective is the fewest origin bytes that do not keep a reader waiting. A piece goes, in this order, to connected
 * holders, to edges that pull it through, to HTTP holders, to the origin; the later ones only once the earlier ones had
 * their chance to be found. Among holders it goes to the one expected to deliver it first, each with about a round trip's
 * worth outstanding. The origin is asked for exact ranges, which grow while nobody else holds anything: a range that ends
 * by itself wastes no bytes when holders appear.
 */
export class Plan<S extends Source> {
	/** Verified pieces at hand. */
	readonly done: Holdings;
	readonly readings = new Set<Reading>();
	readonly #shape: Shape;
	readonly #startMs: number;
	readonly #offers = new Map<S, Offer>();
	readonly #flights = new Set<Flight<S>>();
	readonly #runs = new Set<Run>();
	/** Requests decided upon that the sources do not know of yet. */
	readonly #launched = new Map<S, number>();
	#ranges: boolean;
	#discovered = false;
	#growth = 1;
	#originFailures = 0;
	#originRetryMs = 0;
	#originOut = false;
	/** Measured by the shell: what is on its way from the origin when its range ends. */
	originLeadBytes = 0;
	#lookupMs: number;
	#progressMs: number;

	constructor(shape: Shape, nowMs: number) {
		this.#shape = shape;
		this.#ranges = shape.ranges && shape.pieceCount > 1;
		this.done = new Holdings(shape.pieceCount);
		this.#startMs = this.#lookupMs = this.#progressMs = nowMs;
	}

	/** A source, and what it holds as far as it said; `news` are pieces that it got just now. */
	offers(source: S, holdings: Holdings | null, news: readonly number[], nowMs: number): void {
		let offer = this.#offers.get(source);
		if (!offer) {
			offer = { holdings, lacks: new Set(), grewMs: Number.NEGATIVE_INFINITY, strikes: 0, pausedUntilMs: 0 };
			this.#offers.set(source, offer);
		}
		offer.holdings = holdings;
		if (news.some((piece) => !this.done.has(piece))) offer.grewMs = nowMs;
		for (const piece of news) offer.lacks.delete(piece);
	}

	gone(source: S): void {
		this.#offers.delete(source);
		for (const flight of this.#flights) if (flight.source === source) this.#flights.delete(flight);
	}

	progress(flight: Flight<S> | Run, nowMs: number): void {
		this.#progressMs = flight.progressMs = nowMs;
	}

	/** A piece that a source sent was verified. */
	landed(flight: Flight<S>, nowMs: number): void {
		this.#flights.delete(flight);
		this.done.add(flight.piece);
		this.#progressMs = nowMs;
		this.#growth = Math.max(1, this.#growth / 2);
		const offer = this.#offers.get(flight.source);
		if (offer) offer.strikes = 0;
	}

	/** A source said no, or failed. @param gone whether it does not hold the piece */
	failed(flight: Flight<S>, gone: boolean, nowMs: number): void {
		this.#flights.delete(flight);
		const offer = this.#offers.get(flight.source);
		if (!offer) return;
		if (gone) offer.lacks.add(flight.piece);
		else strike(offer, nowMs);
	}

	/** The origin's next piece of a run was verified and passed on. */
	runLanded(run: Run, nowMs: number): void {
		this.done.add(run.at++);
		this.#originFailures = 0;
		this.progress(run, nowMs);
	}

	runEnded(run: Run): void {
		if (this.#runs.delete(run)) this.#growth *= 2;
	}

	runFailed(run: Run, nowMs: number): void {
		this.#runs.delete(run);
		this.#originRetryMs = nowMs + Math.min(RETRY_MS * 2 ** this.#originFailures++, MAX_RETRY_MS);
	}

	/** The origin has other bytes now: it is not asked again. */
	originContradicts(): void {
		this.#originOut = true;
	}

	/** The origin does not answer ranges after all. */
	rangesRefused(): void {
		this.#ranges = false;
	}

	decide(nowMs: number, search: Search): Action<S>[] {
		const actions: Action<S>[] = [];
		this.#launched.clear();
		this.#expire(nowMs, actions);
		this.#discovered ||=
			nowMs >= this.#startMs + FIRST_HOLDER_MS ||
			(search.unanswered === 0 && search.lookup !== "pending" && search.coming === 0);
		const urgent: number[] = [];
		const open: number[] = [];
		for (const want of this.#wanted()) this.#place(want, nowMs, search, actions, urgent, open);
		this.#askOrigin(nowMs, search, actions, urgent, open);
		this.#giveUp(nowMs, search, actions);
		return actions;
	}

	/** Drops what stalled, and what is no longer needed. */
	#expire(nowMs: number, actions: Action<S>[]): void {
		const stalled = new Set<S>();
		for (const flight of this.#flights) {
			const { source, piece } = flight;
			const silent = nowMs - Math.max(flight.answerMs, source.estimate.lastBytesMs) > STALL_MS;
			const forgotten = nowMs - Math.max(flight.dueMs, flight.progressMs) > FORGOTTEN_MS;
			if (!silent && !forgotten && !this.done.has(piece) && this.readings.size) continue;
			if (silent || forgotten) stalled.add(source);
			this.#flights.delete(flight);
			actions.push({ type: "cancel", flight });
		}
		for (const source of stalled) {
			const offer = this.#offers.get(source);
			if (offer) strike(offer, nowMs);
		}
		for (const run of this.#runs) {
			if (this.#stillUseful(run)) continue;
			this.#runs.delete(run);
			actions.push({ type: "abort", run });
		}
	}

	/** The last piece of a run is let in even if nobody needs it: what is on its way cannot be called back. */
	#stillUseful(run: Run): boolean {
		if (this.readings.size && run.to - run.at <= 1) return true;
		for (const { piece, end } of this.readings) {
			for (let p = Math.max(run.at, piece); p < Math.min(run.to, end); p++) if (!this.done.has(p)) return true;
		}
		return false;
	}

	/** Pieces that readers need soon and that are not at hand, the most urgent first. */
	#wanted(): Want[] {
		const window = Math.max(1, Math.floor(WINDOW_BYTES / this.#shape.pieceLength));
		const wants = new Map<number, Want>();
		for (const reading of this.readings) {
			const end = Math.min(reading.end, reading.piece + window);
			for (let piece = reading.piece; piece < end; piece++) {
				const distance = piece - reading.piece;
				const known = wants.get(piece);
				if (!this.done.has(piece) && !(known && known.distance <= distance)) {
					wants.set(piece, { piece, distance, reading });
				}
			}
		}
		return [...wants.values()].sort((a, b) => a.distance - b.distance);
	}

	#place(want: Want, nowMs: number, search: Search, actions: Action<S>[], urgent: number[], open: number[]): void {
		const { piece, distance, reading } = want;
		const first = !reading.delivered && distance === 0 && (this.#ranges || this.#shape.pieceCount === 1);
		if (this.#comesFromOrigin(piece, nowMs)) return;
		const flights = this.#flightsOf(piece);
		const late = flights.length > 0;
		if (late && (distance > 0 || !flights.every((flight) => isLate(flight, reading, nowMs)))) return;
		const asked = search.unanswered === 0 || this.#discovered;
		const tiers = late ? [holds] : asked ? [holds, pulls] : [holds];
		if (this.#discovered && !late) tiers.push(serves);
		const mostMs = late ? HELP_MS : TOO_SLOW_MS + (distance * this.#shape.pieceLength) / ENOUGH_BYTES_PER_MS;
		for (const tier of tiers) {
			const source = this.#best(piece, mostMs, tier, flights, nowMs);
			if (source === "busy" && !late) return;
			if (source && source !== "busy") {
				actions.push({ type: "request", flight: this.#launch(piece, source, nowMs) });
				return;
			}
		}
		if (late) urgent.push(piece);
		else if (!this.#isExpected(want, nowMs) && (this.#discovered || (first && asked))) open.push(piece);
	}

	/** The source that should have the piece first; "busy" when only sources that have enough to do would do. */
	#best(piece: number, mostMs: number, tier: Tier, flights: readonly Flight<S>[], nowMs: number): S | "busy" | null {
		let best: S | "busy" | null = null;
		let bestMs = mostMs;
		for (const [source, offer] of this.#offers) {
			if (offer.pausedUntilMs > nowMs || !tier(source, offer, piece)) continue;
			if (flights.some((flight) => flight.source === source)) continue;
			const ms = this.#expectedMs(source);
			if (this.#outstanding(source) >= this.#capacity(source)) best ??= "busy";
			else if (ms < bestMs) {
				best = source;
				bestMs = ms;
			}
		}
		return best;
	}

	#outstanding(source: S): number {
		return source.outstanding + (this.#launched.get(source) ?? 0);
	}

	/** How long one more piece would take. */
	#expectedMs(source: S): number {
		const { rttMs, bytesPerMs } = source.estimate;
		const bytes = (this.#outstanding(source) + 1) * this.#shape.pieceLength;
		return rttMs + bytes / (bytesPerMs || PRESUMED_BYTES_PER_MS);
	}

	#capacity({ estimate: { rttMs, bytesPerMs }, limit }: S): number {
		const pieces = Math.ceil((bytesPerMs * (rttMs + AHEAD_MS)) / this.#shape.pieceLength) + 1;
		return Math.min(limit, Math.max(MIN_OUTSTANDING, pieces));
	}

	#launch(piece: number, source: S, nowMs: number): Flight<S> {
		const held = this.#offers.get(source)?.holdings?.has(piece);
		const answerMs = nowMs + 4 * source.estimate.rttMs + (held ? 0 : PULL_THROUGH_MS);
		const flight = { piece, source, answerMs, dueMs: answerMs + 2 * this.#expectedMs(source), progressMs: nowMs };
		this.#flights.add(flight);
		this.#launched.set(source, (this.#launched.get(source) ?? 0) + 1);
		return flight;
	}

	#flightsOf(piece: number): Flight<S>[] {
		return [...this.#flights].filter((flight) => flight.piece === piece);
	}

	#comesFromOrigin(piece: number, nowMs: number): boolean {
		for (const { at, to, whole, progressMs } of this.#runs) {
			const end = whole ? Math.min(to, at + WHOLE_AHEAD) : to;
			if (piece >= at && piece < end && nowMs - progressMs < RUN_STALL_MS) return true;
		}
		return false;
	}

	/** Whether a page that is just getting this content from elsewhere will soon have the piece. */
	#isExpected({ distance, reading }: Want, nowMs: number): boolean {
		if (distance === 0 && reading.waitingSinceMs !== null && nowMs - reading.waitingSinceMs > GROWN_MS) return false;
		for (const offer of this.#offers.values()) if (nowMs - offer.grewMs < GROWING_MS) return true;
		return false;
	}

	/** Whether anybody may have a piece that a reader waits for, even if not just now. */
	#somebodyCould(): boolean {
		const waited = [...this.readings].map(({ piece }) => piece);
		return [...this.#offers].some(([source, offer]) =>
			waited.some((piece) => [holds, pulls, serves].some((tier) => tier(source, offer, piece))),
		);
	}

	#originUsable(nowMs: number): boolean {
		return !this.#originOut && this.#originRetryMs <= nowMs;
	}

	#askOrigin(nowMs: number, search: Search, actions: Action<S>[], urgent: number[], open: number[]): void {
		if (!this.#originUsable(nowMs)) return;
		if (!this.#ranges) {
			if (urgent.length + open.length && !this.#runs.size) this.#run(0, this.#shape.pieceCount, true, nowMs, actions);
			return;
		}
		for (const piece of urgent) if (this.#runs.size < MAX_RUNS) this.#run(piece, piece + 1, false, nowMs, actions);
		const [from] = open;
		if (from === undefined || this.#runs.size >= MAX_RUNS || this.#originHasEnoughToDo()) return;
		const most = from + this.#runLength(search);
		const pieces = new Set(open);
		let to = from + 1;
		while (to < most && pieces.has(to)) to++;
		this.#run(from, to, false, nowMs, actions);
	}

	#originHasEnoughToDo(): boolean {
		let pieces = 0;
		for (const run of this.#runs) pieces += run.to - run.at;
		return pieces * this.#shape.pieceLength > Math.max(this.originLeadBytes, this.#shape.pieceLength);
	}

	/** In pieces. */
	#runLength(search: Search): number {
		const most = Math.floor(MAX_RUN_BYTES / this.#shape.pieceLength);
		if (this.#discovered && !this.#offers.size && !search.coming && search.lookup !== "pending") return most;
		return Math.min(most, this.#growth, search.coming + search.unanswered ? CAUTIOUS_PIECES : most);
	}

	#run(from: number, to: number, whole: boolean, nowMs: number, actions: Action<S>[]): void {
		const run = { from, to, whole, at: from, progressMs: nowMs };
		this.#runs.add(run);
		actions.push({ type: "origin", run });
	}

	#giveUp(nowMs: number, search: Search, actions: Action<S>[]): void {
		if (!this.readings.size) return;
		const hopeful = this.#flights.size > 0 || this.#runs.size > 0;
		if (nowMs - this.#lookupMs > (hopeful ? LOOKUP_MS : ANXIOUS_LOOKUP_MS)) {
			this.#lookupMs = nowMs;
			actions.push({ type: "lookup" });
		}
		if (hopeful) return;
		const originLost = this.#originOut || this.#originFailures > 0;
		const searching = !this.#discovered || search.lookup === "pending" || search.coming + search.unanswered > 0;
		const nobody = !searching && !this.#somebodyCould();
		const nothingToLose = [...this.readings].every((reading) => !reading.delivered);
		if ((originLost && nobody && nothingToLose) || nowMs - this.#progressMs > GIVE_UP_MS)
			actions.push({ type: "fail" });
	}
}

type Tier = (source: Source, offer: Offer, piece: number) => boolean;

const holds: Tier = ({ kind }, { holdings, lacks }, piece) =>
	kind !== "http" && holdings?.has(piece) === true && !lacks.has(piece);
const pulls: Tier = ({ kind, pullsThrough }, { lacks }, piece) => kind !== "http" && pullsThrough && !lacks.has(piece);
const serves: Tier = ({ kind }, { lacks }, piece) => kind === "http" && !lacks.has(piece);

function strike(offer: Offer, nowMs: number): void {
	offer.pausedUntilMs = nowMs + Math.min(STRIKE_MS * 2 ** offer.strikes++, MAX_STRIKE_MS);
}

function isLate<S extends Source>(
	{ dueMs, progressMs }: Flight<S>,
	{ waitingSinceMs }: Reading,
	nowMs: number,
): boolean {
	if (waitingSinceMs === null) return false;
	const lateMs = Math.min(Math.max(dueMs, progressMs + LATE_MS), dueMs + HARD_LATE_MS);
	return nowMs > Math.max(lateMs, waitingSinceMs + LATE_MS / 2);
}
