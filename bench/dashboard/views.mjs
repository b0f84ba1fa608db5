// Every view of the dashboard, and what has to be on the screen before it counts as shown.

export const RANGES = ["15m", "1h", "6h", "24h", "7d", "30d", "90d"];

/** Drawn charts, each with a picture. */
const charts = (count) => ({ ".chart canvas": count });
const rows = (count) => ({ "tbody tr": count });

/**
 * @returns {{name: string, hash: string, shows: Record<string, number>}[]} `shows`: how many there are at least of what
 *   CSS selectors name
 */
export function viewsOf({ site, contents, keys }, { content, edge }) {
	const ranged = (name, path, shows) =>
		RANGES.map((range) => ({ name: `${name}, ${range}`, range, hash: `${path}?range=${range}`, shows }));
	const at = (path) => `${path}?site=${site}`;
	const pageOf = (path, all) => ({ name: path, hash: path, shows: rows(all) });
	return [
		...ranged("overview", "overview", {
			".tile": 6,
			...charts(3),
			".card:nth-child(4) tbody tr": 8,
			".card:nth-child(5) tbody tr": 8,
			".card:nth-child(6) tbody tr": 8,
		}),
		{ name: "overview of a site, 90d", hash: `${at("overview")}&range=90d`, shows: { ".tile": 6, ...charts(3) } },
		...ranged("contents", "contents", rows(Math.min(100, contents))),
		...ranged("a content", `contents/${site}/${content}`, {
			".facts dd": 7,
			...charts(1),
			".swarm circle, .swarm rect": 100,
			".swarm tbody tr": 20,
		}),
		...ranged("a site", `sites/${site}`, { ".facts dd": 16, ...charts(1), pre: 1, "tbody tr": 40 }),
		...ranged("an edge", `edges/${site}/${edge}`, { ".facts dd": 15, ...charts(1) }),
		{ name: "edges", hash: "edges", shows: { ".map circle": 5, "tbody tr": Math.min(50, keys.length) } },
		{ name: "edges of a site", hash: at("edges"), shows: { ".map circle": 5, "tbody tr": Math.min(50, keys.length) } },
		pageOf("swarms", 100),
		{
			name: "a swarm",
			hash: `swarms/${site}/${content}`,
			shows: { ".swarm circle, .swarm rect": 100, ".swarm tbody tr": 20 },
		},
		pageOf("events", 100),
		pageOf("sites", 5),
		{ name: "add a site", hash: "sites/+", shows: { "form input": 2 } },
		pageOf("bans", 20),
		{ name: "settings", hash: "settings", shows: { "form input": 3 } },
		{ name: "access", hash: "access", shows: rows(40) },
		pageOf("audit", 100),
		{ name: "account", hash: "account", shows: { "main h2": 2 } },
	];
}
