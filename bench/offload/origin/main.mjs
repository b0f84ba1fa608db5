// The measured origin, a process of its own: an ordinary web server behind a narrow uplink and some distance away.
// Ordered over IPC: {serve: {folder}}, {live: a stream (live.mjs)}, {set: {bitsPerSecond, latencyMs}}, {take: id}; `take`
// answers with the counts since the last one and begins anew.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, relative } from "node:path";
import { performance } from "node:perf_hooks";
import { askerOf } from "../../../demo-site/origin.mjs";
import { Link } from "./link.mjs";
import { LiveStream } from "./live.mjs";

/** How often the uplink sends, milliseconds. */
const TICK_MS = 2;
/** How long browsers may keep content, seconds. */
const MAX_AGE_SECONDS = 3600;
const TYPES = {
	".m3u8": "application/vnd.apple.mpegurl",
	".ts": "video/mp2t",
	".js": "text/javascript",
	".css": "text/css",
	".svg": "image/svg+xml",
	".png": "image/png",
	".torrent": "application/x-bittorrent",
};

const files = new Map();
const streams = [];
let latencyMs = 0;
let counts = new Map();
const link = new Link(1e9, performance.now());
setInterval(() => link.tick(performance.now()), TICK_MS);

function load(folder) {
	for (const name of readdirSync(folder, { recursive: true })) {
		const file = join(folder, name);
		const { mtime } = statSync(file);
		if (statSync(file).isDirectory()) continue;
		const body = readFileSync(file);
		const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
		files.set(`/content/${relative(folder, file)}`, { body, etag, modified: mtime.toUTCString() });
	}
}

/** The counts of one path, one kind of asker, and one visitor's pages: CORS says whose. */
function row(request, path) {
	const asker = askerOf(request.headers["user-agent"]);
	const visitor = Number(/\/\/visitor-(\d+)\./.exec(request.headers.origin ?? "")?.[1] ?? 0);
	const key = `${asker} ${visitor} ${path}`;
	const made = counts.get(key) ?? { asker, visitor, path, requests: 0, bytes: 0, aborted: 0, lastMs: 0 };
	counts.set(key, made);
	return made;
}

/** First and last byte asked for; null for what cannot be satisfied. */
function rangeOf(header, length) {
	const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
	if (first === undefined || (!first && !last)) return { from: 0, to: length - 1, whole: true };
	const from = first ? Number(first) : Math.max(0, length - Number(last));
	const to = first && last ? Math.min(Number(last), length - 1) : length - 1;
	return from <= to ? { from, to, whole: false } : null;
}

/** The file at a path: there from the beginning, or of a live stream. */
function find(path) {
	const nowMs = Date.now();
	const stream = streams.find(({ playlistPath }) => playlistPath === path);
	if (stream) return { body: stream.playlist(nowMs), cache: "no-cache" };
	return streams.some((one) => one.hides(path, nowMs)) ? undefined : files.get(path);
}

function answer(request, response, path) {
	const file = find(path);
	const headers = {
		"access-control-allow-origin": "*",
		"access-control-expose-headers": "content-range, accept-ranges, etag",
		"timing-allow-origin": "*",
	};
	const count = row(request, path);
	count.requests++;
	if (!file) return void response.writeHead(404, headers).end();
	Object.assign(headers, {
		"accept-ranges": "bytes",
		"cache-control": file.cache ?? `public, max-age=${MAX_AGE_SECONDS}`,
		"content-type": TYPES[extname(path)] ?? "application/octet-stream",
		...(file.etag && { etag: file.etag, "last-modified": file.modified }),
	});
	if (file.etag && request.headers["if-none-match"] === file.etag) return void response.writeHead(304, headers).end();
	const range = rangeOf(request.headers.range ?? "", file.body.length);
	if (!range) return void response.writeHead(416, headers).end();
	const { from, to, whole } = range;
	headers["content-length"] = to - from + 1;
	if (!whole) headers["content-range"] = `bytes ${from}-${to}/${file.body.length}`;
	response.writeHead(whole ? 200 : 206, headers);
	if (request.method === "HEAD") return void response.end();
	stream(response, file.body.subarray(from, to + 1), count);
}

/** Sends a body over the link; counted is every byte that was handed to the socket, whatever became of it. */
function stream(response, body, count) {
	let at = 0;
	const flow = {
		send(most) {
			if (response.destroyed || response.writableNeedDrain) return 0;
			const chunk = body.subarray(at, at + most);
			at += chunk.length;
			count.bytes += chunk.length;
			count.lastMs = Date.now();
			if (at < body.length) response.write(chunk);
			else {
				link.remove(flow);
				response.end(chunk);
			}
			return chunk.length;
		},
	};
	link.add(flow);
	response.on("close", () => {
		link.remove(flow);
		if (at < body.length) count.aborted++;
	});
}

const server = createServer((request, response) => {
	const { pathname } = new URL(request.url, "http://origin.invalid");
	if (request.method === "OPTIONS") {
		const allow = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
		return void response.writeHead(204, { ...allow, "access-control-max-age": "600" }).end();
	}
	setTimeout(() => answer(request, response, decodeURIComponent(pathname)), latencyMs);
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

process.on("message", ({ serve, live, set, take }) => {
	if (serve) load(serve.folder);
	if (live) streams.push(new LiveStream(live));
	if (set) {
		link.rate(set.bitsPerSecond);
		latencyMs = set.latencyMs;
	}
	if (take !== undefined) {
		process.send({ taken: take, rows: [...counts.values()] });
		counts = new Map();
	}
});
// However the benchmark ends, its origin ends with it.
process.on("disconnect", () => process.exit(0));
