import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId } from "../protocol/ids.ts";

/**
 * Verified pieces, kept within a bound: the least valuable contents make room for new ones. No method rejects: what cannot
 * be kept is not held, what cannot be read is null.
 */
export interface PieceStore {
	/** Indexes of the pieces held. */
	held(content: ContentId): Promise<Set<number>>;

	read(content: ContentId, index: number): Promise<Bytes | null>;

	/** The store keeps `verified` as it is: the caller does not write to it afterwards. */
	write(content: ContentId, pieceCount: number, index: number, verified: Bytes): Promise<void>;

	/** Bytes of the content's layout; they prove themselves when decoded. */
	layout(content: ContentId): Promise<Bytes | null>;

	writeLayout(content: ContentId, bytes: Bytes): Promise<void>;
}
