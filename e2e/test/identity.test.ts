import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { trackerCommand } from "../../demo-site/stack.mjs";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

const EDGE_TOKEN = "token-of-a-volunteer";

let stack: Stack;
afterEach(() => stack?.close());

test("an edge that the operator revokes ends, is left by visitors, and does not come back", async () => {
	stack = await Stack.start({
		site: { "open-edges": false },
		settings: { tokens: [{ token: EDGE_TOKEN, role: "edge", site: "demo" }] },
		publish: false,
	});
	const edges = (...what: string[]) => trackerCommand("edges", ...what, "--data", join(stack.folder, "tracker"));
	const args = ["--token", EDGE_TOKEN];
	const edge = await stack.addEdge({ name: "revoked", args });
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.neighbour("edge");
	const fingerprint = /this edge is ([\w-]{43})/.exec(edge.log)?.[1] ?? "";
	expect(await edges("list")).toMatch(new RegExp(`^demo  ${fingerprint}  first seen \\S+\\n$`));

	expect(await edges("revoke", fingerprint, "--reason", "its key leaked")).toBe(
		`revoked ${fingerprint}, reason: its key leaked\n`,
	);

	expect(await edge.exited).toMatchObject({ code: 2 });
	await expect.poll(async () => (await visitor.stats()).peers.length, { timeout: 60_000 }).toBe(0);
	expect(await edges("list")).toMatch(/ revoked \S+\n$/);
	await expect(stack.addEdge({ name: "revoked", args })).rejects.toThrow(/revoked; ask them why/);
	await stack.addEdge({ name: "another", args });
});
