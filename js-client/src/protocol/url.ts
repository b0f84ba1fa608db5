import { utf8 } from "./bytes.ts";
import { idOf, type UrlHash } from "./ids.ts";
import { MAX_URL_CHARS } from "./limits.ts";

/** docs/protocol.md §2.1. Null when `input` cannot have an entry. */
export function canonicalUrl(input: string, base?: string): string | null {
	if (!URL.canParse(input, base)) return null;
	const url = new URL(input, base);
	url.hash = "";
	// WHATWG's path percent-encode set has had `^` since 2023; not every browser follows
	url.pathname = url.pathname.replace(/\^/g, "%5E");
	const { hostname, href, password, protocol, username } = url;
	const plain = /^https?:$/.test(protocol) && /^([\w.-]+|\[.+\])$/.test(hostname) && !username && !password;
	return plain && href.length <= MAX_URL_CHARS ? href : null;
}

/** The key of a canonical URL's entry. */
export const urlHash = (url: string): Promise<UrlHash> => idOf<UrlHash>(utf8(url));
