// The site around the origin: its pages and players, and Rivulet's tracker. Nothing of it is narrow, far away or counted.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publish, startTracker, trackerCommand } from "../../demo-site/stack.mjs";

const require = createRequire(import.meta.url);
const pages = fileURLToPath(new URL("page", import.meta.url));
const SITE = "bench";

/** Libraries that pages load, by name. */
const VENDOR = {
	"hls.js": () => require.resolve("hls.js/dist/hls.min.js"),
};

export class Site {
	#visits = new Map();
	#vendor = new Map();
	#snippet = "";
	/** SHA-256 by URL of everything the origin has. */
	hashes = new Map();
	sizes = new Map();

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

	/** Puts a folder on the origin. */
	add(folder) {
		for (const name of readdirSync(folder, { recursive: true })) {
			const file = join(folder, name);
			if (statSync(file).isDirectory()) continue;
			const body = readFileSync(file);
			const url = this.contentUrl(relative(folder, file));
			this.hashes.set(url, createHash("sha256").update(body).digest("hex"));
			this.sizes.set(url, body.length);
		}
		this.origin.serve(folder);
	}

	contentUrl(path) {
		return `${this.origin.url}/content/${path}`;
	}

	/** Starts a tracker and publishes folders of the origin's content. */
	async enrol(folders, scope) {
		const token = randomBytes(24).toString("base64url");
		const config = join(this.folder, "tracker.yaml");
		const data = join(this.folder, "tracker");
		await writeFile(config, JSON.stringify(this.#configuration(token)), { mode: 0o600 });
		this.tracker = await startTracker({ data, config });
		scope.onClose(() => this.tracker.stop());
		const where = ["--site", SITE, "--data", data, "--config", config, "--tracker", this.tracker.url];
		this.#snippet = (await trackerCommand("snippet", ...where)).trim();
		for (const dir of folders)
			await publish({ tracker: this.tracker.url, token, site: SITE, baseUrl: `${this.origin.url}/content/`, dir });
	}

	/** The tag that puts Rivulet into a page. */
	get snippet() {
		if (!this.#snippet) throw new Error("the site is not enrolled");
		return this.#snippet;
	}

	/** Address of a page at a path, for visitor `n`; each visitor has a host name. */
	page(path, n, html) {
		this.#visits.set(path, html);
		return `http://visitor-${n + 1}.localhost:${this.port}${path}`;
	}

	#configuration(token) {
		const site = {
			"web-origins": [`http://*.localhost:${this.port}`],
			"content-origins": [this.origin.url],
			include: ["/content/**"],
		};
		return { sites: { [SITE]: site }, tokens: [{ token, role: "publish", site: SITE }] };
	}

	#answer(request, response) {
		const { pathname } = new URL(request.url, "http://site.invalid");
		const send = (type, body, cache = "no-cache") =>
			response.writeHead(200, { "content-type": type, "cache-control": cache }).end(body);
		const html = this.#visits.get(pathname);
		if (html !== undefined) return send("text/html; charset=utf-8", html);
		if (pathname === "/rivulet-sw.js" && this.tracker)
			return send("text/javascript", `importScripts(${JSON.stringify(`${this.tracker.url}/rivulet-sw.js`)})\n`);
		const [, kind, name] = /^\/(vendor|page)\/([\w.-]+\.js)$/.exec(pathname) ?? [];
		if (kind === "page") return send("text/javascript", readFileSync(join(pages, name)));
		if (kind === "vendor" && VENDOR[name]) return send("text/javascript", this.#library(name));
		response.writeHead(404, { "content-type": "text/plain" }).end("404\n");
	}

	#library(name) {
		if (!this.#vendor.has(name)) this.#vendor.set(name, readFileSync(VENDOR[name]()));
		return this.#vendor.get(name);
	}
}
