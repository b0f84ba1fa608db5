import type { Entry } from "../protocol/catalog.ts";
import { sameVersion } from "../protocol/validators.ts";
import { OWN_REQUEST } from "./origin.ts";

/** docs/protocol.md §4.4: asks the origin whether an entry past its freshness is current. */
export async function revalidate(
	fetcher: typeof fetch,
	url: string,
	entry: Entry,
	signal: AbortSignal,
): Promise<boolean> {
	try {
		const { status, headers } = await fetcher(url + OWN_REQUEST, { method: "HEAD", cache: "no-store", signal });
		return status === 200 && sameVersion(entry, headers);
	} catch {
		return false; // unreachable: the network says so better than we could
	}
}
