import type { ContentId } from "../protocol/ids.ts";
import type { Holdings } from "./holdings.ts";
import type { Source } from "./source.ts";

/** Beyond a round trip, how long whoever should ask the origin for a piece that is needed now may take to say so. */
export const CLAIM_MS = 50;
/** Who did not is not waited for for so long. */
export const SHIRK_MS = 2000;
/** Without news from who said that it is getting a piece for this long, it is not counted on. */
export const CLAIM_STALE_MS = 2000;
/**
 * A reader that has had nothing yet waits no longer than this for what others are getting. The origin, asked now, would
 * hardly be sooner than it is for who asked it before: so waiting costs something only if that one fails.
 */
export const FIRST_PATIENCE_MS = 1500;
/** And any other no longer than this. */
export const PATIENCE_MS = 4000;
/** What who was waited for in vain says it is getting is not believed for this long. */
export const DISTRUST_MS = 30_000;

/**
 * Members of a crowd know only some of it, so several believe a piece to be theirs. Those with time to wait take turns: the one
 * with the highest score of all asks the origin about this much sooner than the next, which hears of it meanwhile.
 */
const TURN_MS = 300;

/** What a neighbour that wants the same content has said. */
interface Rival {
	/** Pieces that it is getting from the origin. */
	readonly claims: Set<number>;
	/** Last sign of its getting anywhere. */
	newsMs: number;
	/** Until then nothing is its duty. */
	shirkedUntilMs: number;
	/** Until then its claims are not believed. */
	distrustedUntilMs: number;
}

/** A piece that nobody connected has. */
export interface Open {
	readonly piece: number;
	/** Since when a reader waits for it; null while none does. */
	readonly waitingSinceMs: number | null;
	/** Whether that reader has had nothing yet. */
	readonly first: boolean;
}

/**
 * Agrees with neighbours that want the same content on who asks the origin for which piece: docs/protocol.md §6.4. It knows
 * no clock and no network.
 */
export class Duty<S extends Source> {
	readonly #content: ContentId;
	/** Pieces in a reader's window. */
	readonly #window: number;
	readonly #scores = new Map<string, number[]>();
	readonly #rivals = new Map<S, Rival>();

	constructor(content: ContentId, window: number) {
		this.#content = content;
		this.#window = window;
	}

	/** How many neighbours are getting the content as well. */
	get rivals(): number {
		return this.#rivals.size;
	}

	/** Its score for a piece. Hundreds are looked at in each decision, so none is worked out twice. */
	score(peer: string, piece: number): number {
		const scores = this.#scores.get(peer) ?? [];
		this.#scores.set(peer, scores);
		scores[piece] ??= score(peer, this.#content, piece);
		return scores[piece];
	}

	/**
	 * With how much time left at most a peer that has rivals should ask for a piece: with scores u in [0, 1), -ln(1 - u) has gaps of 1 on average between
	 * the highest, however many there are (Rényi 1953, order statistics of exponential variables). Nobody knows how many.
	 */
	turnMs(peer: string, piece: number): number {
		if (!this.rivals) return Number.POSITIVE_INFINITY;
		return -TURN_MS * Math.log1p(-this.score(peer, piece) / 2 ** 32);
	}

	/** Of pages only: an edge is asked for what it lacks, and gets it then. */
	wants(source: S, wants: boolean): void {
		if (source.kind !== "page") return;
		if (!wants) this.#rivals.delete(source);
		else if (!this.#rivals.has(source)) {
			const never = Number.NEGATIVE_INFINITY;
			this.#rivals.set(source, { claims: new Set(), newsMs: never, shirkedUntilMs: never, distrustedUntilMs: never });
		}
	}

	/** It says what it asked the origin for, or what it will not get after all. */
	fetching(source: S, pieces: readonly number[], stop: boolean, nowMs: number): void {
		this.wants(source, true);
		const rival = this.#rivals.get(source);
		if (!rival || rival.distrustedUntilMs > nowMs) return;
		rival.newsMs = nowMs;
		for (const piece of pieces) {
			if (stop) rival.claims.delete(piece);
			else rival.claims.add(piece);
		}
	}

	/** It has new pieces. */
	got(source: S, pieces: readonly number[], nowMs: number): void {
		const rival = this.#rivals.get(source);
		if (!rival || !pieces.length) return;
		rival.newsMs = nowMs;
		for (const piece of pieces) rival.claims.delete(piece);
	}

	/**
	 * Whether asking the origin for a piece is somebody else's matter, and there is time to wait for it.
	 *
	 * @param self the own peer id; null while it has none, and so no neighbours either
	 * @param holdings what a source holds, as far as it said
	 */
	isOthers(open: Open, self: string | null, holdings: (source: S) => Holdings | null, nowMs: number): boolean {
		if (self === null || !this.#rivals.size) return false;
		const waitedMs = open.waitingSinceMs === null ? 0 : nowMs - open.waitingSinceMs;
		const claimants = this.#claimants(open.piece, nowMs);
		if (claimants.length) {
			if (waitedMs <= (open.first ? FIRST_PATIENCE_MS : PATIENCE_MS)) return true;
			for (const rival of claimants) {
				rival.claims.clear();
				rival.distrustedUntilMs = rival.shirkedUntilMs = nowMs + DISTRUST_MS;
			}
			return false;
		}
		const owner = this.#owner(open.piece, self, holdings, nowMs);
		if (!owner) return false;
		if (waitedMs <= CLAIM_MS + owner.estimate.rttMs) return true;
		const rival = this.#rivals.get(owner);
		if (rival) rival.shirkedUntilMs = nowMs + SHIRK_MS;
		return false;
	}

	#claimants(piece: number, nowMs: number): Rival[] {
		return [...this.#rivals.values()].filter(
			({ claims, newsMs }) => claims.has(piece) && nowMs - newsMs < CLAIM_STALE_MS,
		);
	}

	/** The neighbour whose duty a piece is; null when it is one's own. */
	#owner(piece: number, self: string, holdings: (source: S) => Holdings | null, nowMs: number): S | null {
		let owner: S | null = null;
		let best = { id: self, score: this.score(self, piece) };
		for (const [source, { shirkedUntilMs }] of this.#rivals) {
			const held = holdings(source);
			if (!held || shirkedUntilMs > nowMs || held.has(piece)) continue;
			const lead = piece - held.firstLacked;
			if (lead < 0 || lead >= this.#window) continue;
			const other = { id: source.id, score: this.score(source.id, piece) };
			if (other.score < best.score || (other.score === best.score && other.id > best.id)) continue;
			owner = source;
			best = other;
		}
		return owner;
	}
}

/** Rendezvous hashing: every peer that knows the same ids gets the same order. An unsigned 32-bit number. */
export function score(peer: string, content: ContentId, piece: number): number {
	let hash = 0x811c9dc5;
	for (const char of `${peer} ${content} ${piece}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
