import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/protocol/catalog.ts";
import { admission } from "../../src/protocol/pattern.ts";
import { OWN_REQUEST } from "../../src/transfer/origin.ts";
import { type Asked, admittedUrl, isOpaqueMedia, isShareable, isStart, rangeOf } from "../../src/worker/route.ts";

const ORIGIN = "https://site.example";
const OTHER = "https://cdn.example";

type Changes = Partial<Omit<Asked, "headers">> & { readonly headers?: Record<string, string> };

const asked = ({ headers = {}, ...more }: Changes = {}): Asked => ({
	cache: "default",
	credentials: "same-origin",
	destination: "",
	integrity: "",
	keepalive: false,
	method: "GET",
	mode: "cors",
	redirect: "follow",
	url: `${ORIGIN}/a.jpg`,
	...more,
	headers: new Headers(headers),
});

describe("Rivulet has to do with", () => {
	test.each<[string, Changes]>([
		["a simple fetch", {}],
		["a fetch of a range", { headers: { range: "bytes=0-1" } }],
		["a fetch of another origin", { url: `${OTHER}/a` }],
		[
			"an image of another origin",
			{ mode: "no-cors", credentials: "include", destination: "image", url: `${OTHER}/a` },
		],
		["a script", { mode: "no-cors", credentials: "include", destination: "script" }],
		["a module", { mode: "cors", destination: "script" }],
		["a font", { mode: "cors", destination: "font", url: `${OTHER}/a` }],
		["a film", { mode: "no-cors", credentials: "include", destination: "video", headers: { range: "bytes=0-" } }],
		["a fetch with credentials of its own origin", { credentials: "include" }],
		["what may come from any cache", { cache: "force-cache" }],
	])("%s", (_, changes) => {
		expect(isShareable(asked(changes), ORIGIN)).toBe(true);
	});
});

describe("the network alone is for", () => {
	test.each<[string, Changes]>([
		["navigations", { mode: "navigate", destination: "document" }],
		["frames", { mode: "navigate", destination: "iframe" }],
		["workers", { mode: "same-origin", destination: "worker" }],
		["shared workers", { mode: "same-origin", destination: "sharedworker" }],
		["POST", { method: "POST" }],
		["HEAD", { method: "HEAD" }],
		["requests with Authorization", { headers: { authorization: "Bearer x" } }],
		["requests that want what is fresh", { headers: { "cache-control": "no-cache" } }],
		["conditional requests", { headers: { "if-none-match": '"1"' } }],
		["requests that code sends elsewhere with credentials", { credentials: "include", url: `${OTHER}/a` }],
		["opaque requests of code", { mode: "no-cors", credentials: "include", url: `${OTHER}/a` }],
		["integrity attributes", { integrity: "sha256-x" }],
		["reloads", { cache: "reload" }],
		["no-store", { cache: "no-store" }],
		["no-cache", { cache: "no-cache" }],
		["the browser's cache alone", { cache: "only-if-cached", mode: "same-origin" }],
		["requests that outlive their page", { keepalive: true }],
		["requests that look at redirects", { redirect: "manual" }],
		["Rivulet's own", { url: `${ORIGIN}/a.jpg${OWN_REQUEST}` }],
	])("%s", (_, changes) => {
		expect(isShareable(asked(changes), ORIGIN)).toBe(false);
	});
});

test("a site admits what its patterns name, and nothing of the tracker's", () => {
	const policy = admission({
		mode: "open",
		consent: false,
		webOrigins: [ORIGIN],
		contentOrigins: [ORIGIN],
		include: ["/**"],
		exclude: ["/private/**"],
		allowPrivate: false,
		upload: true,
	});
	const tracker = `${ORIGIN}/rivulet/`;
	const of = (url: string) => admittedUrl(asked({ url }).url, policy, tracker);

	expect(of(`${ORIGIN}/a.jpg#part`)).toBe(`${ORIGIN}/a.jpg`);
	expect(of(`${ORIGIN}/a.jpg?size=1`)).toBeNull();
	expect(of(`${ORIGIN}/private/a.jpg`)).toBeNull();
	expect(of(`${OTHER}/a.jpg`)).toBeNull();
	expect(of(`${tracker}sites/demo/shards/x`)).toBeNull();
	expect(of("blob:https://site.example/x")).toBeNull();
});

test("media elements without CORS stay with what they began with", () => {
	const film = { mode: "no-cors", destination: "video", url: `${OTHER}/f`, headers: { range: "bytes=0-" } } as const;

	expect(isOpaqueMedia(asked(film), ORIGIN)).toBe(true);
	expect(isOpaqueMedia(asked({ ...film, mode: "cors" }), ORIGIN)).toBe(false);
	expect(isOpaqueMedia(asked({ ...film, url: `${ORIGIN}/f` }), ORIGIN)).toBe(false);
	expect(isOpaqueMedia(asked({ ...film, headers: {} }), ORIGIN)).toBe(false);
	expect(isStart(asked(film))).toBe(true);
	expect(isStart(asked({ headers: { range: "bytes=0-1" } }))).toBe(true);
	expect(isStart(asked())).toBe(true);
	expect(isStart(asked({ headers: { range: "bytes=10-" } }))).toBe(false);
});

test.each([
	["no condition", undefined, true],
	["the entry's tag", '"1"', true],
	["another tag", '"2"', false],
	["a weak tag", 'W/"1"', false],
	["the entry's date", "Tue, 01 Sep 2026 10:00:00 GMT", true],
	["another date", "Tue, 01 Sep 2026 10:00:01 GMT", false],
])("a range counts with %s in If-Range: %s", (_, condition, counts) => {
	const entry = { etag: '"1"', lastModified: "Tue, 01 Sep 2026 10:00:00 GMT" } as Entry;
	const headers = { range: "bytes=5-", ...(condition && { "if-range": condition }) };

	expect(rangeOf(asked({ headers }), entry)).toBe(counts ? "bytes=5-" : null);
	expect(rangeOf(asked({ headers }), { ...entry, etag: 'W/"1"' })).toBe(
		counts && condition !== '"1"' ? "bytes=5-" : null,
	);
});
