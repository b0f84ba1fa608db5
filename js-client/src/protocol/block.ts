import type { Bytes } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";
import { MAX_BLOCK_BYTES } from "./limits.ts";

const HEADER_BYTES = 8;

/** What one message of the `blocks` channel carries. */
export interface Block {
	readonly requestId: number;
	/** From the beginning of what was requested; a multiple of `MAX_BLOCK_BYTES`. */
	readonly offset: number;
	readonly payload: Bytes;
}

export function encodeBlock({ requestId, offset, payload }: Block): Bytes {
	const bytes = new Uint8Array(HEADER_BYTES + payload.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, requestId);
	view.setUint32(4, offset);
	bytes.set(payload, HEADER_BYTES);
	return bytes;
}

/** The payload is a view of `buffer`. @throws DecodeError */
export function decodeBlock(buffer: ArrayBuffer): Block {
	const length = buffer.byteLength - HEADER_BYTES;
	if (length < 1 || length > MAX_BLOCK_BYTES) throw new DecodeError("block", "length");
	const view = new DataView(buffer);
	const offset = view.getUint32(4);
	if (offset % MAX_BLOCK_BYTES) throw new DecodeError("block", "offset");
	return { requestId: view.getUint32(0), offset, payload: new Uint8Array(buffer, HEADER_BYTES) };
}
