import type { Entry } from "../protocol/catalog.ts";
import type { Admission } from "../protocol/pattern.ts";
import { canonicalUrl } from "../protocol/url.ts";
import { OWN_REQUEST } from "../transfer/origin.ts";

/** What is looked at of a request. */
export type Asked = Pick<
	Request,
	"cache" | "credentials" | "destination" | "integrity" | "keepalive" | "method" | "mode" | "redirect" | "url"
> & { readonly headers: Pick<Headers, "get" | "has"> };

/** Headers that ask for more than the bytes of a resource. */
const OF_THE_NETWORK = [
	"authorization",
	"cache-control",
	"if-match",
	"if-none-match",
	"if-modified-since",
	"if-unmodified-since",
];

/** Documents and workers take more from their response than bytes and the headers of an entry. */
const DESTINATIONS_OF_THE_NETWORK = /^(document|i?frame|embed|object|.*worker)$/;

/** How long a page may be silent about any request before another one, or the network, is asked: in milliseconds. */
export const SILENCE_MS = 50;
const SILENCE_MS_PER_MEBIBYTE = 10;
/** And no longer than this. */
export const MAX_SILENCE_MS = 500;

/** The same about a request for a resource of that size: the longer it takes anyway, the less a wait for the page adds. */
export const patienceMs = (bytes: number): number =>
	Math.min(MAX_SILENCE_MS, SILENCE_MS + (SILENCE_MS_PER_MEBIBYTE * bytes) / 2 ** 20);

/** The same once the network has failed, in milliseconds: there is nobody else to ask. */
export const LAST_PATIENCE_MS = 5000;

export const isCrossOrigin = ({ url }: Asked, origin: string): boolean => new URL(url).origin !== origin;

/**
 * Whether Rivulet may have to do with a request at all: a plain GET for bytes that anybody may have, as an element or a simple
 * `fetch` makes it. The credentials that elements send by default are passed over, as enrolled content needs none.
 */
export function isShareable(request: Asked, origin: string): boolean {
	const { cache, credentials, destination, integrity, keepalive, method, mode, redirect, url } = request;
	return (
		method === "GET" &&
		(mode === "cors" || mode === "no-cors" || mode === "same-origin") &&
		(cache === "default" || cache === "force-cache") &&
		redirect === "follow" &&
		!integrity &&
		!keepalive &&
		!url.endsWith(OWN_REQUEST) &&
		!DESTINATIONS_OF_THE_NETWORK.test(destination) &&
		!OF_THE_NETWORK.some((name) => request.headers.has(name)) &&
		!(credentials === "include" && (mode === "cors" || !destination) && isCrossOrigin(request, origin))
	);
}

/** The canonical URL of what the site admits, else null. What the tracker serves is not content of the site. */
export function admittedUrl(name: string, { admits }: Admission, tracker: string): string | null {
	const url = canonicalUrl(name);
	return url && !url.startsWith(tracker) && admits(url) ? url : null;
}

/** Whether nothing is shown before it is there. */
export const isBlocking = ({ destination }: Asked): boolean => /^(font|script|style)$/.test(destination);

/**
 * Whether a media element reads this without CORS from another origin: it takes all of its ranges from the network, or none
 * (HTML, "media data": opaque and other responses do not mix).
 */
export const isOpaqueMedia = (request: Asked, origin: string): boolean =>
	request.mode === "no-cors" && request.headers.has("range") && isCrossOrigin(request, origin);

/** Whether a media element begins to read, or begins anew. */
export const isStart = (request: Asked): boolean => /^bytes=0-/.test(request.headers.get("range") ?? "bytes=0-");

/** RFC 9110 §13.1.5: the range counts only if the client's part is of the entry's version. */
export function rangeOf({ headers }: Asked, entry: Entry): string | null {
	const condition = headers.get("if-range");
	const { etag, lastModified } = entry;
	const same = !condition || condition === lastModified || (condition === etag && !condition.startsWith("W/"));
	return same ? headers.get("range") : null;
}
