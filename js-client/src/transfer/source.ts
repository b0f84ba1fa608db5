import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId } from "../protocol/ids.ts";
import type { Estimate } from "./estimate.ts";
import type { Holdings } from "./holdings.ts";

/** How pieces come: over WebRTC from a page or an edge, or over HTTP from an edge or the tracker. */
export type SourceKind = "page" | "edge" | "http";

/** Somebody who may be asked for pieces, as the plan sees it. */
export interface Source {
	/** The peer id, or the base URL of an HTTP holder. */
	readonly id: string;
	readonly kind: SourceKind;
	readonly estimate: Estimate;
	/** Pieces asked of it now, whatever their content. */
	readonly outstanding: number;
	/** The most it may be asked for at once; 0 while it chokes. */
	readonly limit: number;
	/** Whether it gets what it lacks from the origin when it is told the URL. */
	readonly pullsThrough: boolean;
}

export interface Wanted {
	readonly content: ContentId;
	readonly piece: number;
	/** Bytes in that piece. */
	readonly length: number;
	/** Canonical. */
	readonly url: string;
}

/** What becomes of one request. Exactly one of `landed` and `failed` ends it, unless it is cancelled first. */
export interface Answer {
	progress(): void;
	/** As many bytes as were asked for, not yet verified. */
	landed(bytes: Bytes): void;
	/** @param gone whether the source does not hold that piece */
	failed(gone: boolean): void;
}

/** A source that can really be asked. */
export interface PieceSource extends Source {
	/** @returns cancels the request; its answer then stays silent */
	request(wanted: Wanted, answer: Answer): () => void;

	/** The piece it answered with was not that piece. */
	sentBadPiece(content: ContentId, piece: number): void;
}

/** What one follower of a content learns. */
export interface Follower {
	/** A source, and what it holds; null while that is unknown. The holdings are live: called again as they change. */
	offers(source: PieceSource, holdings: Holdings | null, news: readonly number[]): void;
	gone(source: PieceSource): void;
	/** Whether a source is getting the content as well. */
	wants(source: PieceSource, wants: boolean): void;
	/** A source has asked the origin for these; `stop`: it will not get them after all. */
	fetching(source: PieceSource, pieces: readonly number[], stop: boolean): void;
	/** The search for sources came further. */
	searched(): void;
}

/** How long connected neighbours have to say what they hold before others are asked. */
export const ASK_MS = 120;

/** How far the search for holders of a content is. */
export interface Search {
	/** The own peer id; null before there is one. */
	readonly self: string | null;
	/** Neighbours that were asked what they hold less than `ASK_MS` ago, and have not said yet. */
	readonly unanswered: number;
	readonly lookup: "off" | "pending" | "answered";
	/** Neighbours that are being connected: they may hold it, or want it as well. */
	readonly coming: number;
}

export interface Following {
	readonly search: Search;
	/** Asks the tracker for (more) holders. */
	lookup(): void;
	close(): void;
}

/** Everybody else on the site. */
export interface Swarm {
	follow(content: ContentId, pieceCount: number, url: string, follower: Follower): Following;

	/** Offers what is held of a content to others; again with each new piece. */
	share(content: ContentId, holdings: Holdings, news: readonly number[]): void;

	/** Tells who wants the content as well what the origin was asked for; `stop`: what it will not give after all. */
	fetching(content: ContentId, pieces: readonly number[], stop: boolean): void;

	/** A content's layout of so many bytes, from the tracker or a neighbour; null when nobody gives it in time. */
	layout(content: ContentId, bytes: number): Promise<Bytes | null>;
}
