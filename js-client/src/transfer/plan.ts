import type { ContentId } from "../protocol/ids.ts";
import { Duty } from "./duty.ts";
import { Holdings } from "./holdings.ts";
import { holds, Offers, pulls, serves } from "./offers.ts";
import { OriginPlan, type Others, type Run, type Shape } from "./origin-plan.ts";
import { GRACE_MS, PATIENT_GRACE_MS, Race } from "./race.ts";
import type { Search, Source } from "./source.ts";

/** How far ahead of a reader pieces are fetched. */
export const WINDOW_BYTES = 16_777_216;
/** How long a first holder may take to be found and connected before the origin is asked for more than the first piece. */
export const FIRST_HOLDER_MS = 300;
/** A source that is expected to need longer is left alone for a piece that is needed now. */
export const TOO_SLOW_MS = 1000;
/** While holders are being connected or asked, the origin is asked for no more than this ahead of a reader. */
const NEAR_BYTES = 1_048_576;
/** A reader is assumed to be content with this: 1 MiB/s. Slower sources get pieces that are needed later. */
const ENOUGH_BYTES_PER_MS = 1049;
/** A request without progress for this long, beyond what was expected, is lost even if its source sends other pieces. */
const FORGOTTEN_MS = 3000;
/** What an edge may take longer while it gets a piece from the origin. */
const PULL_THROUGH_MS = 2000;
/** Without a single block for this long a piece that a reader waits for is asked of another as well. */
const LATE_MS = 600;
/** Progress or not: so is a piece past its time by this much. */
const HARD_LATE_MS = 1500;
/** A source that would be late itself is no help with a late piece: the origin is. */
const HELP_MS = 400;
/** What the origin is granted until its first byte, where a reading has a deadline. */
const ORIGIN_LATENCY_MS = 500;
/** With so little time to spare it is everybody's turn, and yet nobody is waited for in vain. */
const LITTLE_MS = 1;
/** What is presumed of an origin that was never asked, so that it is, once: 16 MiB/s. */
const PRESUMED_ORIGIN_BYTES_PER_MS = 16_777;
/** What holders should deliver within this is not worth finding out how fast the origin is, unless they are behind with something small. */
const PROBE_MS = 3000;
/** How fast the origin is, is asked again after this. */
const STALE_MS = 1000;
/** What is smaller, and has no deadline, may be a segment that a player fetches far ahead: it waits longer for help. */
const SMALL_BYTES = 4_194_304;
/** Another source for a piece under way has to promise it in this part of the time that it still seems to need. */
const HEDGE_SHARE = 0.3;
/** What is expected within this is waited for. */
const HEDGE_MS = 500;
/** How often the tracker is asked again: with and without anything under way. */
const LOOKUP_MS = 10_000;
const ANXIOUS_LOOKUP_MS = 2000;
/** Without progress for this long, and no origin, a response fails. */
export const GIVE_UP_MS = 30_000;
/** Neighbours that have not said what they hold are waited for so long before all is given up: what they say may be queued. */
const UNSAID_MS = 2000;

/** One response being read, in pieces. */
export interface Reading {
	/** The next piece it needs. */
	piece: number;
	/** The first piece it does not need. */
	readonly end: number;
	/** Since when it waits for `piece`; null while it does not. */
	waitingSinceMs: number | null;
	/** Since when it waits for it with no more time to spare; null while it does not, or has. Kept by the plan. */
	hungrySinceMs: number | null;
	/** Whether it delivered anything. */
	delivered: boolean;
	/**
	 * In how many milliseconds it should have all of its pieces; asked at each decision. Infinity: it needs none of them yet.
	 * Absent: as soon as can be.
	 */
	readonly dueMs?: () => number;
}

/** A piece asked of a source. */
export interface Flight<S extends Source> {
	readonly piece: number;
	readonly source: S;
	/** When the first block should be there, generously. */
	readonly answerMs: number;
	/** When all of it should be there, generously. */
	readonly dueMs: number;
	progressMs: number;
}

export type Action<S extends Source> =
	| { readonly type: "request"; readonly flight: Flight<S> }
	| { readonly type: "cancel"; readonly flight: Flight<S> }
	| { readonly type: "origin"; readonly run: Run }
	| { readonly type: "abort"; readonly run: Run }
	| { readonly type: "lookup" }
	| { readonly type: "fail" };

interface Want {
	readonly piece: number;
	/** Pieces between the reader and this one. */
	readonly distance: number;
	/** The lowest first. */
	readonly rank: number;
	readonly reading: Reading;
}

/**
 * Decides which piece of one content is asked of whom. It knows no clock, no network and no bytes: what happens is told to
 * it, and `decide` answers with what to do next.
 *
 * The objective is the fewest origin bytes that do not keep a reader waiting. A piece goes, in this order, to connected
 * holders, to edges that pull it through, to HTTP holders, to the origin; the later ones only once the earlier ones had
 * their chance to be found. Among holders it goes to the one expected to deliver it first, each with about a round trip's
 * worth outstanding.
 */
export class Plan<S extends Source> {
	/** Verified pieces at hand. */
	readonly done: Holdings;
	readonly readings = new Set<Reading>();
	readonly origin: OriginPlan;
	readonly #shape: Shape;
	readonly #startMs: number;
	readonly #offers: Offers<S>;
	readonly #duty: Duty<S>;
	readonly #flights = new Set<Flight<S>>();
	/** Whether holders had their chance to be found. */
	#discovered = false;
	#lookupMs: number;
	#progressMs: number;
	readonly #race = new Race();
	/** How long ago it was measured how fast the origin is. */
	#originAgeMs = Number.POSITIVE_INFINITY;

	constructor(content: ContentId, shape: Shape, nowMs: number) {
		this.#shape = shape;
		this.done = new Holdings(shape.pieceCount);
		this.origin = new OriginPlan(shape);
		this.#offers = new Offers(shape.pieceLength);
		this.#duty = new Duty(content, this.#window);
		this.#startMs = this.#lookupMs = this.#progressMs = nowMs;
	}

	/** A source, and what it holds as far as it said; `news` are pieces that it got just now. */
	offers(source: S, holdings: Holdings | null, news: readonly number[], nowMs: number): void {
		this.#offers.put(source, holdings, news);
		this.#duty.got(source, news, nowMs);
	}

	/** Whether a source is getting the content as well. */
	wants(source: S, wants: boolean): void {
		this.#duty.wants(source, wants);
	}

	/** A source has asked the origin for these; `stop`: it will not get them after all. */
	fetching(source: S, pieces: readonly number[], stop: boolean, nowMs: number): void {
		this.#duty.fetching(source, pieces, stop, nowMs);
	}

	gone(source: S): void {
		this.#offers.remove(source);
		this.#duty.wants(source, false);
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
		this.#gained();
		this.origin.shrink();
		this.#offers.proved(flight.source);
	}

	/** A source said no, or failed. @param gone whether it does not hold the piece */
	failed(flight: Flight<S>, gone: boolean, nowMs: number): void {
		this.#flights.delete(flight);
		if (gone) this.#offers.lacks(flight.source, flight.piece);
		else this.#offers.strike(flight.source, nowMs);
	}

	/** The origin's next piece of a run was verified. */
	runLanded(run: Run, nowMs: number): void {
		this.done.add(run.at);
		this.#gained();
		this.origin.landed(run);
		this.progress(run, nowMs);
	}

	decide(nowMs: number, search: Search): Action<S>[] {
		const actions: Action<S>[] = [];
		this.#offers.begin();
		this.#discovered ||= nowMs >= this.#startMs + FIRST_HOLDER_MS || !isSearching(search);
		this.#expire(nowMs, actions);
		const urgent: number[] = [];
		const open: number[] = [];
		const busy: Want[] = [];
		this.#originAgeMs = this.origin.bytesPerMs ? nowMs - this.origin.measuredMs : Number.POSITIVE_INFINITY;
		this.#noteHunger(nowMs);
		this.#race.run(nowMs, this.#isHungry());
		for (const want of this.#wanted(search.self)) {
			const chosen = this.#choose(want, nowMs, search);
			if (chosen === "urgent") urgent.push(want.piece);
			else if (chosen === "open") open.push(want.piece);
			else if (chosen === "busy") busy.push(want);
			else if (chosen) actions.push({ type: "request", flight: this.#launch(want.piece, chosen, nowMs) });
		}
		const runs = this.origin.ask(urgent, open, this.#others(search), nowMs);
		if (!urgent.length && !open.length) {
			if (!busy.length && this.#isHungry()) this.#hedge(nowMs, actions);
			runs.push(...this.#help(busy, nowMs, search));
		}
		for (const run of runs) actions.push({ type: "origin", run });
		this.#lookAgainOrGiveUp(nowMs, search, actions);
		return actions;
	}

	/** A piece was verified. */
	#gained(): void {
		this.#race.landed(this.#shape.pieceLength / this.#originBytesPerMs);
	}

	/** What the origin would give to each of those who want the content, if nobody else gave anything. */
	get #originBytesPerMs(): number {
		const mostPerMs = this.origin.bytesPerMs * Math.max(1, this.#originAgeMs / STALE_MS);
		return (mostPerMs || PRESUMED_ORIGIN_BYTES_PER_MS) / (1 + this.#duty.rivals);
	}

	/** Who had time to spare has not been kept waiting while it had: others said that they would ask the origin when they had to. */
	#noteHunger(nowMs: number): void {
		for (const reading of this.readings) {
			const { dueMs, waitingSinceMs } = reading;
			if (waitingSinceMs === null || this.#spareMs(reading) > 0) reading.hungrySinceMs = null;
			else reading.hungrySinceMs = Math.max(waitingSinceMs, reading.hungrySinceMs ?? (dueMs ? nowMs : waitingSinceMs));
		}
	}

	/**
	 * Whether a reader lacks its next piece, and the time to wait for it.
	 *
	 * @param due whether only those count that said how long they can wait
	 */
	#isHungry(due = false): boolean {
		return [...this.readings].some(
			(reading) =>
				reading.piece < reading.end &&
				!this.done.has(reading.piece) &&
				this.#spareMs(reading) <= 0 &&
				(reading.dueMs || !due),
		);
	}

	/**
	 * Where holders are slower than the origin would be, it brings what they are too busy for, or the slowest of what they
	 * bring.
	 */
	#help(busy: readonly Want[], nowMs: number, search: Search): Run[] {
		const { runs } = this.origin;
		const { pieceCount, pieceLength } = this.#shape;
		const small = pieceCount * pieceLength < SMALL_BYTES;
		const owedMs = this.#race.owedMs(small && !this.#isHungry(true) ? PATIENT_GRACE_MS : GRACE_MS);
		if (!owedMs) return [];
		const isStale = this.#originAgeMs > STALE_MS;
		if (isStale && (runs.size || !(small || this.#takesLong()))) return [];
		const bytes = isStale ? 1 : owedMs * this.#originBytesPerMs;
		// an origin that does not answer must not keep a piece from those who hold it
		const free = isStale ? [] : busy.filter((want) => !this.#isOthers(want, 0, nowMs, search));
		const pieces = free.map(({ piece }) => piece);
		if (!pieces.length) {
			const [flight, ms] = this.#slowest(nowMs);
			const originMs = (2 * (pieceLength + this.origin.leadBytes)) / this.#originBytesPerMs;
			if (!flight || ms < originMs || this.origin.brings(flight.piece, nowMs)) return [];
			pieces.push(flight.piece);
		}
		return this.origin.help(
			pieces.sort((a, b) => a - b),
			bytes,
			nowMs,
		);
	}

	/** Whether those who are asked for something need long for all that readers lack. */
	#takesLong(): boolean {
		const sources = new Set([...this.#flights].map(({ source }) => source));
		let bytes = 0;
		for (const { estimate } of sources) bytes += estimate.bytesPerMs * PROBE_MS;
		return [...this.readings].some((reading) => this.#lackingBytes(reading) > bytes);
	}

	/** Of what is under way, what should still take longest, and how long. */
	#slowest(nowMs: number): [Flight<S> | null, number] {
		const pieces = new Map<S, number>();
		let slowest: Flight<S> | null = null;
		let mostMs = 0;
		for (const flight of this.#flights) {
			const { source, answerMs } = flight;
			const before = pieces.get(source) ?? 0;
			pieces.set(source, before + 1);
			const silentMs = Math.max(0, nowMs - Math.max(answerMs, source.estimate.lastBytesMs));
			const ms = this.#offers.transferMs(source, before + 1) + silentMs;
			if (ms < mostMs) continue;
			slowest = flight;
			mostMs = ms;
		}
		return [slowest, mostMs];
	}

	/** Everything is under way: what takes longest is asked of another holder as well, one piece at a time. */
	#hedge(nowMs: number, actions: Action<S>[]): void {
		const pieces = [...this.#flights].map(({ piece }) => piece);
		const [flight, ms] = this.#slowest(nowMs);
		if (!flight || ms < HEDGE_MS || new Set(pieces).size < pieces.length) return;
		const other = this.#offers.best(flight.piece, holds, ms * HEDGE_SHARE, [flight.source], nowMs);
		if (!other || other === "busy" || !other.estimate.bytesPerMs) return;
		actions.push({ type: "request", flight: this.#launch(flight.piece, other, nowMs) });
	}

	/** Drops what stalled, and what is no longer needed. */
	#expire(nowMs: number, actions: Action<S>[]): void {
		const stalled = new Set<S>();
		for (const { source, answerMs, dueMs, progressMs } of this.#flights) {
			const silentMs = nowMs - Math.max(answerMs, source.estimate.lastBytesMs);
			const forgottenMs = nowMs - Math.max(dueMs, progressMs);
			if (silentMs > this.#offers.patienceMs(source) || forgottenMs > FORGOTTEN_MS) stalled.add(source);
		}
		for (const source of stalled) this.#offers.strike(source, nowMs);
		for (const flight of this.#flights) {
			if (this.readings.size && !this.done.has(flight.piece) && !stalled.has(flight.source)) continue;
			this.#flights.delete(flight);
			actions.push({ type: "cancel", flight });
		}
		for (const run of this.origin.runs) {
			if (this.#isUseful(run)) continue;
			this.origin.runs.delete(run);
			actions.push({ type: "abort", run });
		}
	}

	/** The last piece of a run is let in even if nobody needs it: what is on its way cannot be called back. */
	#isUseful(run: Run): boolean {
		if (this.readings.size && run.to - run.at <= 1) return true;
		for (const { piece, end } of this.readings) {
			for (let p = Math.max(run.at, piece); p < Math.min(run.to, end); p++) if (!this.done.has(p)) return true;
		}
		return false;
	}

	get #window(): number {
		return Math.max(1, Math.floor(WINDOW_BYTES / this.#shape.pieceLength));
	}

	/**
	 * Pieces that readers need soon and that are not at hand: first those that are needed next, in order; then those that the
	 * fewest have, in another order for everybody, so that rivals have something to give to each other.
	 */
	#wanted(self: string | null): Want[] {
		const window = this.#window;
		const wants = new Map<number, Want>();
		for (const reading of this.readings) {
			const end = Math.min(reading.end, reading.piece + window);
			for (let piece = reading.piece; piece < end; piece++) {
				const distance = piece - reading.piece;
				const known = wants.get(piece);
				if (!this.done.has(piece) && !(known && known.distance <= distance)) {
					wants.set(piece, { piece, distance, reading, rank: this.#rank(piece, distance, self) });
				}
			}
		}
		return [...wants.values()].sort((a, b) => a.rank - b.rank);
	}

	/** The lower, the sooner a piece should be had. */
	#rank(piece: number, distance: number, self: string | null): number {
		const near = NEAR_BYTES / this.#shape.pieceLength;
		if (self === null || !this.#duty.rivals || distance < near) return distance;
		return near + this.#offers.holderCount(piece) + this.#duty.score(self, piece) / 2 ** 32;
	}

	/**
	 * A source; or the origin, because the piece is late elsewhere ("urgent"), or because nobody else has it ("open"), or
	 * perhaps, because those who have it have enough to do ("busy"); or null for later.
	 */
	#choose(want: Want, nowMs: number, search: Search): S | "urgent" | "open" | "busy" | null {
		const { piece, distance, reading } = want;
		if (this.origin.brings(piece, nowMs)) return null;
		const spareMs = this.#spareMs(reading);
		const flights = [...this.#flights].filter((flight) => flight.piece === piece);
		const late = flights.length > 0;
		if (spareMs === Number.POSITIVE_INFINITY) return late ? null : this.#loneHolder(want, nowMs, search);
		if (late && (distance > 0 || !flights.every((flight) => isLate(flight, reading, nowMs)))) return null;
		const discovered = spareMs > 0 ? !isSearching(search) : this.#discovered;
		const asked = search.unanswered === 0 || discovered;
		const tiers = [holds];
		if (asked && !late) tiers.push(pulls);
		if (discovered && !late) tiers.push(serves);
		const mostMs = Math.max(spareMs / 2, this.#mostMs(distance, late, nowMs));
		const except = flights.map(({ source }) => source);
		const proven = distance === 0 && spareMs <= 0 && this.origin.isUsable(nowMs);
		for (const tier of tiers) {
			const source = this.#offers.best(piece, tier, mostMs, except, nowMs, proven);
			if (source === "busy" && !late) return spareMs > 0 ? null : source;
			if (source && source !== "busy") return source;
		}
		if (late) return spareMs > 0 ? null : "urgent";
		const atOnce = spareMs <= 0 && distance === 0 && !reading.delivered;
		const first = atOnce && (this.origin.ranges || this.#shape.pieceCount === 1);
		const early = search.coming + search.unanswered > 0 && distance * this.#shape.pieceLength >= NEAR_BYTES;
		const open = !early && (discovered || (first && asked)) && !this.#isOthers(want, spareMs, nowMs, search);
		return open ? "open" : null;
	}

	/**
	 * What a reader does not need yet is taken from the only page that has it, lest it be lost when that one leaves: by the
	 * rival whose duty the piece is. Edges stay.
	 */
	#loneHolder(want: Want, nowMs: number, search: Search): S | null {
		if (isSearching(search) || this.#offers.holderCount(want.piece) !== 1) return null;
		if (this.#isOthers(want, LITTLE_MS, nowMs, search)) return null;
		const source = this.#offers.best(want.piece, holds, Number.POSITIVE_INFINITY, [], nowMs);
		return source && source !== "busy" && source.kind === "page" ? source : null;
	}

	/** How long the origin need not be asked, so that it still delivers in time what a reading lacks. */
	#spareMs(reading: Reading): number {
		if (!reading.dueMs) return 0;
		return reading.dueMs() - ORIGIN_LATENCY_MS - this.#lackingBytes(reading) / ENOUGH_BYTES_PER_MS;
	}

	#lackingBytes({ piece, end }: Reading): number {
		let lacking = 0;
		for (let p = piece; p < end; p++) if (!this.done.has(p)) lacking++;
		return lacking * this.#shape.pieceLength;
	}

	/** How long a source may need for a piece, so that the origin would not be better. */
	#mostMs(distance: number, late: boolean, nowMs: number): number {
		if (!this.origin.isUsable(nowMs)) return Number.POSITIVE_INFINITY;
		return late ? HELP_MS : TOO_SLOW_MS + (distance * this.#shape.pieceLength) / ENOUGH_BYTES_PER_MS;
	}

	#launch(piece: number, source: S, nowMs: number): Flight<S> {
		const pullMs = this.#offers.holds(source, piece) ? 0 : PULL_THROUGH_MS;
		const answerMs = nowMs + 4 * source.estimate.rttMs + pullMs;
		const dueMs = answerMs + 2 * this.#offers.expectedMs(source);
		const flight = { piece, source, answerMs, dueMs, progressMs: nowMs };
		this.#flights.add(flight);
		this.#offers.launched(source);
		return flight;
	}

	/** Whether somebody else who wants the piece asks the origin for it, or may. */
	#isOthers({ piece, distance, reading }: Want, spareMs: number, nowMs: number, search: Search): boolean {
		const { self } = search;
		if (self !== null && spareMs > this.#duty.turnMs(self, piece)) return true;
		const needed = distance === 0 && spareMs <= 0;
		const open = { piece, waitingSinceMs: needed ? reading.hungrySinceMs : null, first: needed && !reading.delivered };
		return this.#duty.isOthers(open, self, (source) => this.#offers.holdings(source), nowMs);
	}

	#others(search: Search): Others {
		if (search.coming + search.unanswered > 0) return "coming";
		return this.#discovered && search.lookup !== "pending" && this.#offers.areNone ? "none" : "some";
	}

	#lookAgainOrGiveUp(nowMs: number, search: Search, actions: Action<S>[]): void {
		if (!this.readings.size) return;
		const readings = [...this.readings];
		const hopeful =
			this.#flights.size + this.origin.runs.size > 0 ||
			readings.every((reading) => this.#spareMs(reading) === Number.POSITIVE_INFINITY);
		if (nowMs - this.#lookupMs > (hopeful ? LOOKUP_MS : ANXIOUS_LOOKUP_MS)) {
			this.#lookupMs = nowMs;
			actions.push({ type: "lookup" });
		}
		if (hopeful) return;
		const vain =
			this.origin.isLost &&
			this.#discovered &&
			!isSearching(search) &&
			readings.every(({ delivered }) => !delivered) &&
			!this.#offers.couldServe(readings.map(({ piece }) => piece)) &&
			!(this.#offers.isUnsaid && nowMs - this.#startMs < UNSAID_MS);
		if (vain || nowMs - this.#progressMs > GIVE_UP_MS) actions.push({ type: "fail" });
	}
}

const isSearching = ({ lookup, unanswered, coming }: Search): boolean =>
	lookup === "pending" || unanswered + coming > 0;

function isLate<S extends Source>(flight: Flight<S>, { waitingSinceMs }: Reading, nowMs: number): boolean {
	const { dueMs, progressMs } = flight;
	const lateMs = Math.min(Math.max(dueMs, progressMs + LATE_MS), dueMs + HARD_LATE_MS);
	return waitingSinceMs !== null && nowMs > Math.max(lateMs, waitingSinceMs + LATE_MS / 2);
}
