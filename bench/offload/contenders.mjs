// Who is measured: what each puts into the page, and what a visitor has met before.

const HLS = ["hls.js"];
/** p2p-media-loader's build for browsers names its core without a path. */
const P2PML_IMPORTS = { "p2p-media-loader-core": "/vendor/p2p-media-loader-core.js" };

const hlsTag = (site) => `<script src="${site.tracker.url}/rivulet-hls.js"></script>`;
const RIVULET_HLS = { libraries: HLS, modules: ["rivulet-hls.js", "film.js"] };
/** hls.js plays a segment as it comes: its option `progressive`, which it calls experimental. */
const PROGRESSIVE = "progressive.js";

const p2pml = (label, config) => ({
	label,
	head: () => `<script type="importmap">${JSON.stringify({ imports: P2PML_IMPORTS })}</script>`,
	film: { libraries: HLS, modules: ["p2p-media-loader.js", "film.js"] },
	task: async ({ foreign }, run) => ({ tracker: (await foreign()).url, swarm: run, config }),
});

const webtorrent = (label, pieceLength) => ({
	label,
	head: () => "",
	file: { libraries: [], modules: ["webtorrent.js"] },
	task: async ({ foreign }, run, file) => ({ torrent: await (await foreign()).torrent({ ...file, run, pieceLength }) }),
});

/**
 * By name: `label` for reports; `head(site)`: tags for the page's head; `installs`: a service worker; `worker`: whether the site has one; `task(world, run,
 * content)`: what its page has to know besides; `indexes`: an edge that indexes is there; `film`, `file`: scripts in place of the ordinary ones.
 */
export const contenders = {
	plain: { label: "plain HTTP", head: () => "" },
	"plain-progressive": {
		label: "plain HTTP, progressive",
		head: () => "",
		film: { libraries: HLS, modules: [PROGRESSIVE, "film.js"] },
	},
	"rivulet-fetch": { label: "Rivulet, rivulet.fetch", head: (site) => site.snippet },
	rivulet: { label: "Rivulet, service worker", head: (site) => site.snippet, installs: true },
	"rivulet-hls": {
		label: "Rivulet, rivulet/hls",
		head: (site) => `${site.snippet}${hlsTag(site)}`,
		film: RIVULET_HLS,
		worker: false,
	},
	"rivulet-hls-progressive": {
		label: "rivulet/hls, progressive",
		head: (site) => `${site.snippet}${hlsTag(site)}`,
		film: { libraries: HLS, modules: ["rivulet-hls.js", PROGRESSIVE, "film.js"] },
		worker: false,
	},
	"rivulet-on-demand": { label: "Rivulet, indexed on demand", head: (site) => site.onDemandSnippet },
	"rivulet-indexing-edge": {
		label: "Rivulet, indexed by an edge",
		head: (site) => site.indexingEdgeSnippet,
		indexes: true,
	},
	"rivulet-live": {
		label: "Rivulet, publish --follow",
		head: (site) => `${site.snippet}${hlsTag(site)}`,
		film: RIVULET_HLS,
		worker: false,
		follows: true,
	},
	"rivulet-live-on-demand": {
		label: "Rivulet, indexed on demand",
		head: (site) => `${site.onDemandSnippet}${hlsTag(site)}`,
		film: RIVULET_HLS,
		worker: false,
		onDemand: true,
	},
	"rivulet-relayed": { label: "Rivulet, two over a relay", head: (site) => site.snippet },
	"rivulet-faulty": { label: "Rivulet, one slow, one stalls", head: (site) => site.snippet },
	webtorrent: webtorrent("webtorrent, 1 MiB pieces", 1024 * 1024),
	"webtorrent-default": webtorrent("webtorrent, defaults"),
	p2pml: p2pml("p2p-media-loader, defaults", {}),
	"p2pml-tuned": p2pml("p2p-media-loader, tuned", { httpDownloadInitialTimeoutMs: 1000 }),
};

const ORDINARY = {
	file: { libraries: [], modules: ["file.js"] },
	film: { libraries: HLS, modules: ["film.js"] },
	assets: { libraries: [], modules: ["assets.js"] },
};

/** Leads a page's connections over a relay; `hides` when the others' pages are not led over it. */
const relayTag = ({ relay, name, hides = false }) =>
	`<script src="/page/relay.js" data-relay="${relay}" data-link="${name}"${hides ? " data-hides" : ""}></script>`;

/** Makes the page of a kind (`file`, `film`, `assets`) for a contender: with its tags, and its task where its scripts find it. `link`: over a relay. */
export function contenderPage(name, kind, site, task, { body = "", link } = {}) {
	const contender = contenders[name];
	const { libraries, modules } = contender[kind] ?? ORDINARY[kind];
	return [
		`<!doctype html><meta charset="utf-8"><title>Benchmark</title><link rel="icon" href="data:,">`,
		task.countsPeers ? `<script src="/page/peers.js"></script>` : "",
		link ? relayTag(link) : "",
		contender.head(site),
		...libraries.map((library) => `<script src="/vendor/${library}"></script>`),
		`<script type="application/json" id="task">${JSON.stringify(task).replaceAll("<", "\\u003c")}</script>`,
		`<body>${body}`,
		...modules.map((module) => `<script type="module" src="/page/${module}"></script>`),
	].join("\n");
}

/** Page of the site on which a visitor has been before: nothing of the content is there. */
export const earlierPage = (name, site) =>
	`<!doctype html><meta charset="utf-8"><title>Earlier</title><link rel="icon" href="data:,">${contenders[name].head(site)}`;
