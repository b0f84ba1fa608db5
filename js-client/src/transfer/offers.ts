import { PIECE_SECONDS } from "../protocol/limits.ts";
import type { Holdings } from "./holdings.ts";
import type { Source } from "./source.ts";

/** Asked of a source however slow it is: pieces, and bytes of smaller ones. */
export const MIN_OUTSTANDING = 2;
const MIN_OUTSTANDING_BYTES = 524_288;
/** What is asked for on top of a round trip's worth, so that the pipe never runs empty. */
const AHEAD_MS = 250;
/** Of a source not measured yet: 4 MiB/s. */
const PRESUMED_BYTES_PER_MS = 4194;
/** A source silent for this long, beyond what was expected, has stalled. */
const STALL_MS = 1000;
/** Pause of a source that failed or stalled, doubled each time. */
const STRIKE_MS = 1000;
const MAX_STRIKE_MS = 30_000;

interface Offer {
	/** Null: it has not said. */
	holdings: Holdings | null;
	/** Pieces that it was asked for and did not have. */
	readonly lacks: Set<number>;
	strikes: number;
	pausedUntilMs: number;
}

/** How a source would come by a piece, the best way first. */
export type Tier = (source: Source, holdings: Holdings | null, piece: number) => boolean;

export const holds: Tier = ({ kind }, holdings, piece) => kind !== "http" && holdings?.has(piece) === true;
export const pulls: Tier = ({ kind, pullsThrough }) => kind !== "http" && pullsThrough;
export const serves: Tier = ({ kind }) => kind === "http";

/** Who holds what of one content, and whom a piece is best asked of. */
export class Offers<S extends Source> {
	readonly #pieceLength: number;
	readonly #offers = new Map<S, Offer>();
	/** Requests decided upon that the sources do not know of yet. */
	readonly #launched = new Map<S, number>();

	constructor(pieceLength: number) {
		this.#pieceLength = pieceLength;
	}

	/** Whether nobody is here who would give anything. */
	get areNone(): boolean {
		return ![...this.#offers.keys()].some(({ limit }) => limit);
	}

	/** @param news pieces that it got just now */
	put(source: S, holdings: Holdings | null, news: readonly number[]): void {
		let offer = this.#offers.get(source);
		if (!offer) {
			offer = { holdings, lacks: new Set(), strikes: 0, pausedUntilMs: 0 };
			this.#offers.set(source, offer);
		}
		offer.holdings = holdings;
		for (const piece of news) offer.lacks.delete(piece);
	}

	remove(source: S): void {
		this.#offers.delete(source);
	}

	/** What it holds; null: it has not said. */
	holdings(source: S): Holdings | null {
		return this.#offers.get(source)?.holdings ?? null;
	}

	holds(source: S, piece: number): boolean {
		return this.holdings(source)?.has(piece) === true;
	}

	/** How many hold a piece, as far as they said. */
	holderCount(piece: number): number {
		let holders = 0;
		for (const { holdings } of this.#offers.values()) if (holdings?.has(piece)) holders++;
		return holders;
	}

	/** It said that it does not have that piece. */
	lacks(source: S, piece: number): void {
		this.#offers.get(source)?.lacks.add(piece);
	}

	proved(source: S): void {
		const offer = this.#offers.get(source);
		if (offer) offer.strikes = 0;
	}

	strike(source: S, nowMs: number): void {
		const offer = this.#offers.get(source);
		// who chokes has said so, which is no failure
		if (offer && source.limit) offer.pausedUntilMs = nowMs + Math.min(STRIKE_MS * 2 ** offer.strikes++, MAX_STRIKE_MS);
	}

	/** How long it may be silent before it counts as stalled: longer each time, since it may just be slow. */
	patienceMs(source: S): number {
		return Math.min(STALL_MS * 2 ** (this.#offers.get(source)?.strikes ?? 0), PIECE_SECONDS * 1000);
	}

	/** Whether anybody may have one of these, even if not just now. */
	couldServe(pieces: readonly number[]): boolean {
		return [...this.#offers].some(([source, { holdings, lacks }]) =>
			pieces.some((piece) => !lacks.has(piece) && [holds, pulls, serves].some((tier) => tier(source, holdings, piece))),
		);
	}

	/** Whether somebody has not said what it holds. */
	get isUnsaid(): boolean {
		return [...this.#offers.values()].some(({ holdings }) => !holdings);
	}

	/** Sources know by now what was decided before. */
	begin(): void {
		this.#launched.clear();
	}

	launched(source: S): void {
		this.#launched.set(source, (this.#launched.get(source) ?? 0) + 1);
	}

	/**
	 * The source of that tier that should have the piece first, within `mostMs`; "busy" when only sources that have enough to
	 * do would do.
	 *
	 * @param proven not one that has failed since it last gave something: the reader waits, and the origin would not let it
	 */
	best(
		piece: number,
		tier: Tier,
		mostMs: number,
		except: readonly S[],
		nowMs: number,
		proven = false,
	): S | "busy" | null {
		let best: S | "busy" | null = null;
		let bestMs = mostMs;
		for (const [source, { holdings, lacks, pausedUntilMs, strikes }] of this.#offers) {
			const able = source.limit && pausedUntilMs <= nowMs && !lacks.has(piece) && tier(source, holdings, piece);
			// who has failed has to prove itself with one piece
			if (!able || except.includes(source) || (strikes && (proven || this.#outstanding(source)))) continue;
			const ms = this.expectedMs(source);
			if (this.#outstanding(source) >= this.#capacity(source)) best ??= "busy";
			else if (ms < bestMs) {
				best = source;
				bestMs = ms;
			}
		}
		return best;
	}

	/** How long one more piece would take. */
	expectedMs(source: S): number {
		return source.estimate.rttMs + this.transferMs(source, this.#outstanding(source) + 1);
	}

	/** How long so many pieces are on their way once they come. */
	transferMs(source: S, pieces: number): number {
		return (pieces * this.#pieceLength) / (source.estimate.bytesPerMs || PRESUMED_BYTES_PER_MS);
	}

	#outstanding(source: S): number {
		return source.outstanding + (this.#launched.get(source) ?? 0);
	}

	#capacity({ estimate: { rttMs, bytesPerMs }, limit }: S): number {
		const pieces = Math.ceil((bytesPerMs * (rttMs + AHEAD_MS)) / this.#pieceLength) + 1;
		return Math.min(limit, Math.max(MIN_OUTSTANDING, Math.floor(MIN_OUTSTANDING_BYTES / this.#pieceLength), pieces));
	}
}
