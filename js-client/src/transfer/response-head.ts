import type { Entry } from "../protocol/catalog.ts";
import { type ByteRange, contentRange } from "../protocol/range.ts";

export interface ResponseHead {
	readonly status: number;
	readonly headers: Record<string, string>;
}

/** Status and headers of the answer to a request for that range of an entry's resource (RFC 9110 §14, §15.3.7). */
export function responseHead(entry: Entry, range: ByteRange): ResponseHead {
	const { etag, lastModified, size } = entry;
	if (range.type === "unsatisfiable") {
		return { status: 416, headers: { "content-range": `bytes */${size}`, "content-length": "0" } };
	}
	const { begin, end } = bounds(range, size);
	return {
		status: range.type === "part" ? 206 : 200,
		headers: {
			...entry.headers,
			...(etag && { etag }),
			...(lastModified && { "last-modified": lastModified }),
			...(range.type === "part" && { "content-range": contentRange(begin, end, size) }),
			"accept-ranges": "bytes",
			"content-length": String(end - begin),
		},
	};
}

/** First byte, and the one after the last. */
export const bounds = (range: ByteRange, size: number): { readonly begin: number; readonly end: number } =>
	range.type === "part" ? range : { begin: 0, end: size };
