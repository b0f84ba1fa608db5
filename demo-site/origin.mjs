// The demo's origin: an ordinary web server for the pages and the content, which counts what it served to whom.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import send from "send";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const publicDir = join(here, "public");

/** Where pages keep the embed tag; the origin puts the real one there. */
const SNIPPET_MARK = "<!-- rivulet -->";
/** How long browsers may keep content, seconds. */
const CONTENT_MAX_AGE_SECONDS = 3600;

/** Who asks, told from the User-Agent: `browser`, `indexer` or `edge`. */
export function askerOf(userAgent = "") {
	if (userAgent.startsWith("rivulet-indexer/")) return "indexer";
	if (userAgent.startsWith("rivulet-edge/")) return "edge";
	return "browser";
}

/**
 * @typedef {{requests: number, bytes: number}} Served
 * @typedef {{total: Served, by: Record<string, Served>, paths: Record<string, Record<string, Served>>}} ServedStats
 */

/** Counts requests and body bytes by path and by asker, those of aborted responses included. */
class ServedCounter {
	#rows = new Map();

	row(asker, path) {
		const key = `${asker} ${path}`;
		let row = this.#rows.get(key);
		if (!row) {
			row = { asker, path, requests: 0, bytes: 0 };
			this.#rows.set(key, row);
		}
		return row;
	}

	/** Counts what `response` writes as body. */
	watch(request, response, path) {
		if (request.method === "OPTIONS") return;
		const row = this.row(askerOf(request.headers["user-agent"]), path);
		row.requests += 1;
		const write = response.write;
		const end = response.end;
		const count = (chunk) => {
			if (chunk && typeof chunk !== "function" && request.method !== "HEAD") row.bytes += Buffer.byteLength(chunk);
		};
		response.write = function (chunk, ...rest) {
			count(chunk);
			return write.call(this, chunk, ...rest);
		};
		response.end = function (chunk, ...rest) {
			count(chunk);
			response.write = write; // `end` may call `write` itself
			return end.call(this, chunk, ...rest);
		};
	}

	/** @returns {ServedStats} */
	toJSON() {
		const total = { requests: 0, bytes: 0 };
		/** @type {Record<string, Served>} */
		const by = {};
		/** @type {Record<string, Record<string, Served>>} */
		const paths = {};
		for (const { asker, path, requests, bytes } of this.#rows.values()) {
			by[asker] ??= { requests: 0, bytes: 0 };
			paths[path] ??= {};
			paths[path][asker] = { requests, bytes };
			for (const sum of [total, by[asker]]) {
				sum.requests += requests;
				sum.bytes += bytes;
			}
		}
		return { total, by, paths };
	}

	reset() {
		this.#rows.clear();
	}
}

async function sendPage(response, file, snippet) {
	const html = (await readFile(file, "utf8")).replace(SNIPPET_MARK, snippet);
	response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
	response.end(html);
}

function sendFile(request, response, root, path, headers) {
	send(request, path, { root, index: false, dotfiles: "ignore", cacheControl: false })
		.on("headers", (outgoing) => {
			for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
		})
		.on("error", (error) => {
			response.writeHead(error.status ?? 500, {
				...error.headers,
				"content-type": "text/plain",
				"access-control-allow-origin": "*",
			});
			response.end(`${error.status ?? 500}\n`);
		})
		.pipe(response);
}

/** What lets pages of other origins (other visitors' host names) read the content, and say how it was fetched. */
const contentHeaders = {
	"access-control-allow-origin": "*",
	"access-control-expose-headers": "content-range, accept-ranges, etag",
	"timing-allow-origin": "*",
	"cross-origin-resource-policy": "cross-origin",
	"cache-control": `public, max-age=${CONTENT_MAX_AGE_SECONDS}`,
};

function preflight(response) {
	response.writeHead(204, {
		...contentHeaders,
		"access-control-allow-headers": "range",
		"access-control-max-age": "600",
	});
	response.end();
}

/**
 * Starts the origin.
 *
 * @param {object} options
 * @param {string} [options.host] address to listen on
 * @param {number} [options.port] 0 for a free one
 * @param {string} options.contentDir folder served below `/content/`
 * @param {{snippet: string, trackerUrl: string}} [options.embed] the embed tag put into the pages, and whose
 *     `rivulet-sw.js` the site's worker file imports; read at each request; empty for a site without Rivulet
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => boolean} [options.intercept]
 *     answers a request in the origin's place when it returns true
 */
export async function startOrigin({
	host = "127.0.0.1",
	port = 0,
	contentDir,
	embed = { snippet: "", trackerUrl: "" },
	intercept = () => false,
}) {
	const counter = new ServedCounter();
	let contentUrl = "";
	let content = contentDir;

	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, "http://origin.invalid");
		if (pathname === "/__origin/stats") {
			response.writeHead(200, {
				"content-type": "application/json",
				"access-control-allow-origin": "*",
				"cache-control": "no-store",
			});
			return response.end(JSON.stringify(counter));
		}
		counter.watch(request, response, pathname);
		if (intercept(request, response)) return;
		if (request.method === "OPTIONS") return preflight(response);
		if (request.method !== "GET" && request.method !== "HEAD") {
			response.writeHead(405, { allow: "GET, HEAD, OPTIONS" });
			return response.end();
		}
		if (pathname.startsWith("/content/"))
			return sendFile(request, response, content, pathname.slice("/content".length), contentHeaders);
		if (pathname === "/site.json") {
			response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache" });
			return response.end(JSON.stringify({ content: contentUrl }));
		}
		if (pathname === "/rivulet-sw.js" && embed.trackerUrl) {
			response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" });
			return response.end(`importScripts(${JSON.stringify(`${embed.trackerUrl}/rivulet-sw.js`)})\n`);
		}
		if (pathname === "/vendor/hls.js")
			return sendFile(request, response, dirname(require.resolve("hls.js/package.json")), "/dist/hls.min.js", {
				"cache-control": "public, max-age=86400",
			});
		const page = pathname === "/" ? "/index.html" : pathname;
		if (extname(page) === ".html" && /^\/[\w-]+\.html$/.test(page))
			return void sendPage(response, join(publicDir, page), embed.snippet).catch(() => {
				response.writeHead(404, { "content-type": "text/plain" });
				response.end("404\n");
			});
		sendFile(request, response, publicDir, page, { "cache-control": "no-cache" });
	});

	await new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, resolve);
	});
	const { port: realPort } = server.address();
	const url = `http://${host}:${realPort}`;
	contentUrl = `${url}/content`;
	return {
		url,
		port: realPort,
		stats: () => counter.toJSON(),
		resetStats: () => counter.reset(),
		/** Serves another folder below `/content/` from now on. */
		serve: (dir) => {
			content = dir;
		},
		close: () =>
			new Promise((resolve) => {
				server.close(resolve);
				server.closeAllConnections();
			}),
	};
}
