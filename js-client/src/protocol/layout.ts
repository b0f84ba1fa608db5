import { type Bytes, sameBytes, sha256 } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";
import { type ContentId, HASH_BYTES, idOf } from "./ids.ts";
import { MAX_PIECE_BYTES, MAX_RESOURCE_BYTES, SMALL_PIECE_BYTES, SMALL_RESOURCE_BYTES } from "./limits.ts";

const TAG = 0x52_56_4c_31; // "RVL1"
const HEADER_BYTES = 16;

/** docs/protocol.md §3: a function of the resource's size alone, in bytes. */
export const pieceLengthOf = (size: number): number =>
	size > SMALL_RESOURCE_BYTES ? MAX_PIECE_BYTES : SMALL_PIECE_BYTES;

export const pieceCountOf = (size: number): number => Math.ceil(size / pieceLengthOf(size));

/** Length of the layout of a resource of that size. */
export const layoutBytes = (size: number): number => HEADER_BYTES + HASH_BYTES * Math.ceil(size / pieceLengthOf(size));

/** The pieces of one content: where they lie, and what they hash to. */
export class Layout {
	readonly contentId: ContentId;
	/** Canonical form, as it is stored and sent. */
	readonly bytes: Bytes;
	readonly size: number;
	readonly pieceLength: number;
	readonly pieceCount: number;

	constructor(contentId: ContentId, bytes: Bytes, size: number) {
		this.contentId = contentId;
		this.bytes = bytes;
		this.size = size;
		this.pieceLength = pieceLengthOf(size);
		this.pieceCount = pieceCountOf(size);
	}

	/** First byte of a piece. */
	offset(index: number): number {
		return index * this.pieceLength;
	}

	length(index: number): number {
		return Math.min(this.pieceLength, this.size - this.offset(index));
	}

	hash(index: number): Bytes {
		const at = HEADER_BYTES + index * HASH_BYTES;
		return this.bytes.subarray(at, at + HASH_BYTES);
	}

	/** Whether these are the bytes of that piece. */
	async verify(index: number, bytes: Bytes): Promise<boolean> {
		return bytes.length === this.length(index) && sameBytes(await sha256(bytes), this.hash(index));
	}
}

/** Reads a canonical layout, and computes the content id that it proves. @throws DecodeError */
export async function decodeLayout(bytes: Bytes): Promise<Layout> {
	const fail = (reason: string) => new DecodeError("layout", reason);
	if (bytes.length < HEADER_BYTES) throw fail("truncated");
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (view.getUint32(0) !== TAG) throw fail("tag");
	const size = view.getUint32(4) * 2 ** 32 + view.getUint32(8);
	if (size < 1 || size > MAX_RESOURCE_BYTES) throw fail("size");
	const layout = new Layout(await idOf<ContentId>(bytes), bytes, size);
	if (view.getUint32(12) !== layout.pieceLength) throw fail("piece length");
	if (bytes.length !== HEADER_BYTES + layout.pieceCount * HASH_BYTES) throw fail("count of hashes");
	return layout;
}
