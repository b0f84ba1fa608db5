/** Where in the page one is: `#/edges/FINGERPRINT?range=24h&site=demo`. */

export const RANGES = ["15m", "1h", "6h", "24h", "7d", "30d", "90d"] as const;
export type Range = (typeof RANGES)[number];

const SECONDS: Record<Range, number> = {
	"15m": 900,
	"1h": 3600,
	"6h": 21_600,
	"24h": 86_400,
	"7d": 604_800,
	"30d": 2_592_000,
	"90d": 7_776_000,
};

export const secondsOf = (range: Range): number => SECONDS[range];

/** How often figures of a range are asked for anew, milliseconds: as often as they can look different. */
export const refreshMs = (range: Range): number => Math.min(60_000, Math.max(5_000, SECONDS[range] * 2));

export interface Route {
	/** The view and what it shows, such as `["edges", "FINGERPRINT"]`. */
	readonly parts: readonly string[];
	readonly range: Range;
	/** The one site to look at; all of them unless given. */
	readonly site: string | undefined;
}

export const HOME = "overview";

/** Never fails: what is not understood is the overview of the last hour. */
export function routeOf(hash: string): Route {
	const [path = "", search = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
	const query = new URLSearchParams(search);
	const parts = path.split("/").filter(Boolean).map(decoded);
	const range = RANGES.find((known) => known === query.get("range")) ?? "1h";
	return { parts: parts.length > 0 ? parts : [HOME], range, site: query.get("site") || undefined };
}

/** The address of `parts`, with the range and site of `route`. */
export function hashOf(route: Omit<Route, "parts">, ...parts: readonly string[]): string {
	const query = new URLSearchParams();
	if (route.range !== "1h") query.set("range", route.range);
	if (route.site) query.set("site", route.site);
	const text = query.toString();
	return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** The ticket of a set-up link, `#setup=TICKET`. */
export function ticketOf(hash: string): string | undefined {
	const found = /^#setup=(.+)$/.exec(hash);
	return found?.[1] === undefined ? undefined : decoded(found[1]);
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
