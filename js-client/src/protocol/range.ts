/** What a `Range` header asks of a resource of known size (RFC 9110 §14). */
export type ByteRange =
	| { readonly type: "whole" }
	/** From `begin` to before `end`. */
	| { readonly type: "part"; readonly begin: number; readonly end: number }
	| { readonly type: "unsatisfiable" };

const WHOLE: ByteRange = { type: "whole" };
const UNSATISFIABLE: ByteRange = { type: "unsatisfiable" };

/** Headers that are absent, malformed, of another unit or of several ranges are ignored: the whole. */
export function parseRange(header: string | null, size: number): ByteRange {
	const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? "") ?? [];
	if (first) {
		const begin = Number(first);
		if (last && begin > Number(last)) return WHOLE;
		// §14.1.2: a last position past the end is clamped
		const end = last ? Math.min(Number(last) + 1, size) : size;
		return begin < size ? { type: "part", begin, end } : UNSATISFIABLE;
	}
	if (!last) return WHOLE;
	// §14.1.2: a suffix longer than the representation is all of it
	const begin = Math.max(0, size - Number(last));
	return begin < size ? { type: "part", begin, end: size } : UNSATISFIABLE;
}

/** The `Content-Range` of a part. */
export const contentRange = (begin: number, end: number, size: number): string => `bytes ${begin}-${end - 1}/${size}`;
