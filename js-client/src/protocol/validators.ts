import type { Entry } from "./catalog.ts";

/** Servers mark the tag of a compressed representation so: `"abc-gzip"`, `"abc;br"`. */
const opaque = (tag: string) => tag.replace(/^W\//, "").replace(/[-;](gzip|br|zstd|deflate)"$/, '"');

/** docs/protocol.md §4.4: whether the origin's answer has the entry's version. The tags decide where both sides have one. */
export function sameVersion(entry: Pick<Entry, "etag" | "lastModified">, headers: Headers): boolean {
	const tag = headers.get("etag");
	if (tag && entry.etag) return opaque(tag) === opaque(entry.etag);
	return entry.lastModified !== undefined && entry.lastModified === headers.get("last-modified");
}
