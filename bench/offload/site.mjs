// The site around the origin: its pages and players, and Rivulet's tracker. Nothing of it is narrow, far away or counted.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publish, startEdge, startFollower, startTracker, trackerCommand } from "../../demo-site/stack.mjs";

const require = createRequire(import.meta.url);
const pages = fileURLToPath(new URL("page", import.meta.url));
/** The site whose content is published, and the one whose tracker indexes what is asked for. */
const PUBLISHED = "published";
const ON_DEMAND = "on-demand";
/** As the second one, but an edge indexes. */
const BY_EDGE = "by-edge";
/** Folder of the origin's content that is nobody's but the second one's. */
export const ON_DEMAND_FOLDER = "on-demand";

/** Names of live streams that may be there later: a tracker watches no more playlists for one site. */
const LIVE_NAMES = Array.from({ length: 16 }, (_, n) => `live-${n + 1}`);

/** Libraries that pages load, by name. */
const VENDOR = {
	"hls.js": ["hls.js", "dist/hls.min.js"],
	"webtorrent.js": ["webtorrent", "dist/webtorrent.min.js"],
	"p2p-media-loader-core.js": ["p2p-media-loader-core", "dist/p2p-media-loader-core.es.min.js"],
	"p2p-media-loader-hlsjs.js": ["p2p-media-loader-hlsjs", "dist/p2p-media-loader-hlsjs.es.min.js"],
};

/** Path of a library's file, whether or not the library exports it. */
function findFile(library, file) {
	for (const folder of require.resolve.paths(library)) {
		const path = join(folder, library, file);
		if (existsSync(path)) return path;
	}
	throw new Error(`${library} is not installed: node scripts/npm-install.mjs`);
}

export class Site {
	#bodies = new Map();
	#vendor = new Map();
	#snippets = {};
	#token = "";
	#edgeToken = randomBytes(24).toString("base64url");
	#edges = 0;
	/** What the origin has, by URL: bodies with their SHA-256. */
	files = new Map();
	/** Whether it has a service worker that pages can install. */
	hasWorker = true;

	static async start(origin, scope) {
		const site = new Site();
		site.origin = origin;
		site.folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
		scope.onClose(() => rm(site.folder, { recursive: true, force: true }));
		const server = createServer((request, response) => site.#answer(request, response));
		await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
		site.port = server.address().port;
		scope.onClose(async () => {
			server.close();
			server.closeAllConnections();
		});
		return site;
	}

	/** Puts a folder on the origin. @returns the URLs of its files, in the order of their names */
	add(folder) {
		const urls = [];
		for (const name of readdirSync(folder, { recursive: true })) {
			const file = join(folder, name);
			if (statSync(file).isDirectory()) continue;
			const body = readFileSync(file);
			const sha256 = createHash("sha256").update(body).digest("hex");
			const url = this.contentUrl(relative(folder, file));
			this.files.set(url, { body, sha256 });
			urls.push(url);
		}
		this.origin.serve(folder);
		return urls.sort();
	}

	contentUrl(path) {
		return `${this.origin.url}/content/${path}`;
	}

	/** Starts a tracker and publishes folders of the origin's content. */
	async enrol(folders, scope) {
		const token = randomBytes(24).toString("base64url");
		this.#token = token;
		const config = join(this.folder, "tracker.yaml");
		const data = join(this.folder, "tracker");
		await writeFile(config, JSON.stringify(this.#configuration(token)), { mode: 0o600 });
		this.tracker = await startTracker({ data, config });
		scope.onClose(() => this.tracker.stop());
		for (const name of [PUBLISHED, ON_DEMAND, BY_EDGE]) {
			const where = ["--site", name, "--data", data, "--config", config, "--tracker", this.tracker.url];
			this.#snippets[name] = (await trackerCommand("snippet", ...where)).trim();
		}
		const baseUrl = `${this.origin.url}/content/`;
		for (const dir of folders) await publish({ tracker: this.tracker.url, token, site: PUBLISHED, baseUrl, dir });
	}

	/** Follows the folder of a packager whose content the origin serves under a path, until the run ends. */
	async follow(path, dir, scope) {
		const baseUrl = this.contentUrl(`${path}/`);
		const where = { tracker: this.tracker.url, token: this.#token, site: PUBLISHED, baseUrl, dir };
		const follower = await startFollower(where);
		scope.onClose(() => follower.stop());
	}

	/** Starts an edge that indexes what is asked for in the tracker's place. */
	async startIndexingEdge(scope) {
		const data = join(this.folder, `edge-${++this.#edges}`);
		const edge = await startEdge({
			tracker: this.tracker.url,
			site: BY_EDGE,
			data,
			env: { RIVULET_EDGE_TOKEN: this.#edgeToken },
		});
		scope.onClose(() => edge.stop());
	}

	/** The tag that puts Rivulet into a page whose content is published. */
	get snippet() {
		return this.#snippets[PUBLISHED];
	}

	/** The tag for content that the tracker has to index. */
	get onDemandSnippet() {
		return this.#snippets[ON_DEMAND];
	}

	/** The tag for content that an edge has to index. */
	get indexingEdgeSnippet() {
		return this.#snippets[BY_EDGE];
	}

	/** Address of a page at a path, for visitor `n`; each visitor has a host name. */
	page(path, n, html) {
		this.put(path, html);
		return `http://visitor-${n + 1}.localhost:${this.port}${path}`;
	}

	/** Serves a body at a path: text is a page, bytes are a file. @returns the path */
	put(path, body) {
		this.#bodies.set(path, body);
		return path;
	}

	#configuration(token) {
		const site = {
			"web-origins": [`http://*.localhost:${this.port}`],
			"content-origins": [this.origin.url],
			include: ["/content/**"],
		};
		const live = LIVE_NAMES.map((name) => this.contentUrl(`${ON_DEMAND_FOLDER}/${name}/live.m3u8`));
		const onDemand = { ...site, include: [`/content/${ON_DEMAND_FOLDER}/**`], "index-threshold": 1, live };
		return {
			sites: {
				[PUBLISHED]: { ...site, "index-threshold": 0 },
				[ON_DEMAND]: onDemand,
				[BY_EDGE]: { ...onDemand, live: [] },
			},
			tokens: [
				{ token, role: "publish", site: PUBLISHED },
				{ token: this.#edgeToken, role: "edge", site: BY_EDGE, index: true },
			],
		};
	}

	#answer(request, response) {
		const { pathname } = new URL(request.url, "http://site.invalid");
		const send = (type, body, cache = "no-cache") =>
			response.writeHead(200, { "content-type": type, "cache-control": cache }).end(body);
		const body = this.#bodies.get(pathname);
		if (body !== undefined)
			return send(typeof body === "string" ? "text/html; charset=utf-8" : "application/octet-stream", body);
		if (pathname === "/rivulet-sw.js" && this.tracker && this.hasWorker)
			return send("text/javascript", `importScripts(${JSON.stringify(`${this.tracker.url}/rivulet-sw.js`)})\n`);
		const [, kind, name] = /^\/(vendor|page)\/([\w.-]+\.js)$/.exec(pathname) ?? [];
		if (kind === "page") return send("text/javascript", readFileSync(join(pages, name)));
		if (kind === "vendor" && VENDOR[name]) return send("text/javascript", this.#library(name));
		response.writeHead(404, { "content-type": "text/plain" }).end("404\n");
	}

	#library(name) {
		if (!this.#vendor.has(name)) {
			const [library, file] = VENDOR[name];
			this.#vendor.set(name, readFileSync(findFile(library, file)));
		}
		return this.#vendor.get(name);
	}
}
