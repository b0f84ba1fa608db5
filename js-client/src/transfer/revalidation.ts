import type { Entry } from "../protocol/catalog.ts";
import { OWN_REQUEST } from "./origin.ts";

/** docs/protocol.md §4.4: ETags differ between the encodings of one version. */
const bare = (etag: string) => etag.replace(/^W\//, "").replace(/(?:[-;](?:gzip|br|zstd))+(?="?$)/, "");

/** Whether an origin's answer to `HEAD` shows that the entry is current. */
export function confirms(response: Response, { etag, lastModified }: Entry): boolean {
	const theirs = response.headers.get("etag");
	return (
		response.status === 200 &&
		((theirs !== null && etag !== undefined && bare(theirs) === bare(etag)) ||
			(lastModified !== undefined && response.headers.get("last-modified") === lastModified))
	);
}

/** Asks the origin whether an entry past its freshness is current. */
export async function revalidate(
	fetcher: typeof fetch,
	url: string,
	entry: Entry,
	signal: AbortSignal,
): Promise<boolean> {
	try {
		return confirms(await fetcher(url + OWN_REQUEST, { method: "HEAD", cache: "no-store", signal }), entry);
	} catch {
		return false; // unreachable: the network says so better than we could
	}
}
