import { expect, test } from "vitest";
import { Api, pathOf, withQuery } from "../src/api/client.ts";
import { Problem } from "../src/api/problem.ts";

/** An API that answers with what it is given, and keeps what it was asked. */
function answering(status: number, body: string, headers: Record<string, string> = {}) {
	const asked: { url: string; init: RequestInit }[] = [];
	const api = new Api("https://t.example/api/v1/", (input, init) => {
		asked.push({ url: String(input), init: init ?? {} });
		return Promise.resolve(new Response(status === 204 ? null : body, { status, headers }));
	});
	return { api, asked };
}

const session = { operator: { name: "ada", role: "owner", totp: false }, csrf: "token" } as const;

test("what changes something carries the session's token, and the version it was based on", async () => {
	const { api, asked } = answering(204, "");
	api.use(session);

	await api.ask({ method: "PUT", path: "policy", body: { a: 1 }, etag: '"1"' });

	expect(asked[0]).toMatchObject({
		url: "https://t.example/api/v1/policy",
		init: {
			body: '{"a":1}',
			headers: { "X-Rivulet-Csrf": "token", "If-Match": '"1"', "Content-Type": "application/json" },
		},
	});
});

test("answers come with their version", async () => {
	const { api } = answering(200, '{"x":2}', { ETag: '"7"' });

	expect(await api.ask({ method: "GET", path: "policy" })).toEqual({ value: { x: 2 }, etag: '"7"' });
});

test("a problem tells what is wrong with every key", async () => {
	const body = {
		type: "/api/v1/problems/invalid",
		title: "Invalid",
		detail: "This cannot be.",
		problems: [{ key: "mode", text: "write open or edges" }],
	};
	const { api } = answering(422, JSON.stringify(body));

	const problem = await api.get("sites").catch((thrown: unknown) => thrown);

	expect(problem).toBeInstanceOf(Problem);
	expect(problem).toMatchObject({
		status: 422,
		kind: "invalid",
		message: "mode: write open or edges",
		complaints: [{ key: "mode", text: "write open or edges" }],
	});
});

test("what is no problem document is told by its status", async () => {
	const { api } = answering(502, "<html>Bad gateway</html>", { "Retry-After": "20" });

	await expect(api.get("sites")).rejects.toMatchObject({
		message: "The tracker answered with status 502.",
		retryAfter: 20,
	});
});

test("an ended session is noticed, but not while signing in", async () => {
	const { api } = answering(401, JSON.stringify({ type: "/api/v1/problems/unauthenticated", title: "Sign in" }));
	let out = 0;
	api.onSignedOut = () => out++;

	await expect(api.get("session")).rejects.toThrow("Sign in");
	expect(out).toBe(0);
	await expect(api.get("sites")).rejects.toThrow("Sign in");
	expect(out).toBe(1);
});

test("paths and queries are encoded, and have only what has a value", () => {
	expect(pathOf("sites", "a b/c")).toBe("sites/a%20b%2Fc");
	expect(withQuery("edges", { site: "a&b", after: undefined, limit: 5 })).toBe("edges?site=a%26b&limit=5");
	expect(withQuery("edges", {})).toBe("edges");
});
