import type { ContentId, PeerId } from "../protocol/ids.ts";
import { MAX_BAD_PIECES, MAX_CONTRADICTED_URLS, MAX_REPORT_CONTENTS, MAX_REPORT_LINKS } from "../protocol/limits.ts";
import type { ByteCounts, LinkCounts, Report, Role } from "../protocol/messages.ts";
import type { Path, PieceOrigin } from "../transfer/transfer.ts";

export interface PeerStats {
	readonly id: string;
	readonly role: Role;
	readonly state: "connecting" | "connected";
	/** Null before the first measurement. */
	readonly rttMs: number | null;
	/** Payload bytes received from it. */
	readonly down: number;
	/** Payload bytes sent to it. */
	readonly up: number;
}

export interface Stats {
	/** Payload bytes that really crossed each path, duplicates and rejected ones included. */
	readonly bytes: ByteCounts;
	readonly pieces: { readonly verified: number; readonly rejected: number };
	readonly peers: readonly PeerStats[];
}

/** How much each count has grown. */
function since<K extends string>(now: Record<K, number>, before: Record<K, number>): Record<K, number> {
	const grown = { ...now };
	for (const name in now) grown[name] -= before[name];
	return grown;
}

/** Counts of one page load. */
export class Counters {
	readonly bytes = { store: 0, peers: 0, edges: 0, origin: 0, uploaded: 0 };
	readonly pieces = { verified: 0, rejected: 0 };
	#bad: { peer: PeerId; content: ContentId; piece: number }[] = [];
	#contradicted: string[] = [];
	readonly #contents = new Map<ContentId, { bytes: number; origin: number }>();
	/** How often something that played had to wait, and responses that failed, since the last report. */
	stalls = 0;
	failed = 0;
	readonly #changed: () => void;
	#reported = { bytes: { ...this.bytes }, pieces: { ...this.pieces } };

	/** @param changed called when a figure of the page's has changed */
	constructor(changed: () => void = () => {}) {
		this.#changed = changed;
	}

	count(path: Path | "uploaded", bytes: number): void {
		this.#changed();
		this.bytes[path] += bytes;
	}

	verified({ content, source, bytes }: PieceOrigin): void {
		this.#changed();
		this.pieces.verified++;
		const used = this.#contents.get(content) ?? { bytes: 0, origin: 0 };
		used.bytes += bytes;
		if (source === "origin") used.origin += bytes;
		this.#contents.set(content, used);
		if (source === "store") this.count("store", bytes);
	}

	rejected(): void {
		this.#changed();
		this.pieces.rejected++;
	}

	bad(peer: PeerId, content: ContentId, piece: number): void {
		this.#bad.push({ peer, content, piece });
	}

	contradicted(url: string): void {
		this.#contradicted.push(url);
	}

	/**
	 * What happened since the last report; null when nothing did.
	 *
	 * @param neighbours connected now
	 */
	report(neighbours: readonly LinkCounts[] = []): Report | null {
		const bytes = since(this.bytes, this.#reported.bytes);
		const pieces = since(this.pieces, this.#reported.pieces);
		this.#reported = { bytes: { ...this.bytes }, pieces: { ...this.pieces } };
		const bad = this.#bad.splice(0, MAX_BAD_PIECES);
		const contradicted = this.#contradicted.splice(0, MAX_CONTRADICTED_URLS);
		const contents = [...this.#contents].slice(0, MAX_REPORT_CONTENTS).map(([content, used]) => ({ content, ...used }));
		for (const { content } of contents) this.#contents.delete(content);
		const { stalls, failed } = this;
		this.stalls = this.failed = 0;
		const links = neighbours.slice(0, MAX_REPORT_LINKS);
		const counts = [stalls, failed, bad.length, contradicted.length, contents.length];
		if (![...counts, ...Object.values(bytes), ...Object.values(pieces)].some((count) => count > 0)) return null;
		return {
			type: "report",
			bytes,
			pieces,
			...(bad.length && { bad }),
			...(contradicted.length && { contradicted }),
			stalls,
			failed,
			links,
			contents,
		};
	}
}
