// What the verified runs need around them: an origin with one large file, a tracker, and an edge where asked for.
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askerOf, startOrigin } from "../../demo-site/origin.mjs";
import { publish, startEdge, startTracker, trackerCommand, withoutLimits } from "../../demo-site/stack.mjs";

/** Two sites with the same file, so that the runs with an edge and those without can alternate. */
export const WITH_EDGE = "with-edge";
export const WITHOUT_EDGE = "without-edge";
const FILE = "large.bin";

export class Folder {
	static async make(scope) {
		const folder = new Folder();
		folder.path = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
		scope.onClose(() => rm(folder.path, { recursive: true, force: true }));
		folder.content = join(folder.path, "content");
		await mkdir(folder.content);
		folder.file = join(folder.content, FILE);
		return folder;
	}

	/** Fills the file with bytes that nothing can compress, and remembers their hash. */
	async fill(size) {
		const file = await open(this.file, "w");
		try {
			for (let left = size; left > 0; ) {
				const chunk = randomBytes(Math.min(left, 1 << 20));
				await file.write(chunk);
				left -= chunk.length;
			}
		} finally {
			await file.close();
		}
		const hash = createHash("sha256");
		for await (const chunk of createReadStream(this.file)) hash.update(chunk);
		this.sha256 = hash.digest("hex");
	}
}

/** The origin alone is enough for the raw runs. Its pages are empty but for the embed tag. */
export class Site {
	#snippets = { plain: "" };
	#refusing = false;
	#pages = 0;

	static async start(folder, scope) {
		const site = new Site();
		site.folder = folder;
		site.origin = await startOrigin({
			contentDir: folder.content,
			intercept: (request, response) => site.#intercept(request, response),
		});
		scope.onClose(() => site.origin.close());
		return site;
	}

	get fileUrl() {
		return `${this.origin.url}/content/${FILE}`;
	}

	/** A new visitor's page: its host name, and so its storage, is its own. `plain` has no Rivulet. */
	pageUrl(site) {
		this.#pages += 1;
		return `http://visitor-${this.#pages}.localhost:${this.origin.port}/visit/${site}`;
	}

	/** From now on the origin answers 503 to browsers that want content: whatever arrives came from peers. */
	refuseBrowsers() {
		this.#refusing = true;
	}

	serveBrowsers() {
		this.#refusing = false;
	}

	/** Starts a tracker with both sites, publishes the file to them, and puts their embed tags into the pages. */
	async enrol(scope) {
		const token = randomBytes(24).toString("base64url");
		const config = join(this.folder.path, "tracker.yaml");
		const data = join(this.folder.path, "tracker");
		await writeFile(config, JSON.stringify(this.#configuration(token)), { mode: 0o600 });
		this.tracker = await startTracker({ data, config });
		scope.onClose(() => this.tracker.stop());
		const baseUrl = `${this.origin.url}/content/`;
		for (const site of [WITH_EDGE, WITHOUT_EDGE]) {
			const where = ["--site", site, "--data", data, "--config", config, "--tracker", this.tracker.url];
			this.#snippets[site] = (await trackerCommand("snippet", ...where)).trim();
			await publish({ tracker: this.tracker.url, token: `${token}-${site}`, site, baseUrl, dir: this.folder.content });
		}
	}

	/** An edge without a gateway, so that its bytes come over WebRTC and no other way. */
	async startEdge(scope) {
		const data = join(this.folder.path, "edge");
		const edge = await startEdge({ tracker: this.tracker.url, site: WITH_EDGE, data, http: "", args: withoutLimits });
		scope.onClose(() => edge.stop());
		return edge;
	}

	#configuration(token) {
		const site = {
			"web-origins": [`http://*.localhost:${this.origin.port}`],
			"content-origins": [this.origin.url],
			include: ["/content/**"],
			"open-edges": true,
		};
		return {
			sites: { [WITH_EDGE]: site, [WITHOUT_EDGE]: site },
			tokens: [WITH_EDGE, WITHOUT_EDGE].map((name) => ({ token: `${token}-${name}`, role: "publish", site: name })),
		};
	}

	#intercept(request, response) {
		const { pathname } = new URL(request.url, "http://origin.invalid");
		const visited = /^\/visit\/([\w-]+)$/.exec(pathname)?.[1];
		if (visited) {
			response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
			response.end(`<!doctype html><title>Benchmark</title><link rel="icon" href="data:,">${this.#snippets[visited]}`);
			return true;
		}
		if (this.#refusing && pathname.startsWith("/content/") && askerOf(request.headers["user-agent"]) === "browser") {
			response.writeHead(503, { "access-control-allow-origin": "*" });
			response.end();
			return true;
		}
		return false;
	}
}
