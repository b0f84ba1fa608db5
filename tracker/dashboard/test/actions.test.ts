import { expect, test } from "vitest";
import {
	type Action,
	addApiToken,
	addEdgeToken,
	addOperator,
	ban,
	block,
	changeRole,
	drain,
	purge,
	removeSite,
	revokeEdge,
	rotateKey,
	unban,
	unblock,
	type Values,
} from "../src/model/actions.ts";

const NOW = 1_000_000;
const DAY = 86_400;
const asked = (action: Action, values: Values = {}) => {
	const { method, path, body } = action.ask(values, NOW);
	return [method, path, body];
};

test("every part of a path is encoded", () => {
	expect(asked(removeSite("a/b"))).toEqual(["DELETE", "sites/a%2Fb", undefined]);
	expect(asked(unban("x?y", "peer"))).toEqual(["DELETE", "bans/x%3Fy", undefined]);
});

test("removing a site has its id typed", () => {
	expect(removeSite("demo").fields.map(({ exactly }) => exactly)).toEqual(["demo"]);
});

test("a purge names what the operator chose", () => {
	expect(asked(purge("demo"), { by: "prefix", what: " https://a.example/x " })).toEqual([
		"POST",
		"sites/demo/purge",
		{ prefix: "https://a.example/x" },
	]);
	expect(asked(purge("demo", "CID"))).toEqual(["POST", "sites/demo/purge", { content: "CID" }]);
});

test("what looks like a URL is blocked as one; an empty reference is left out", () => {
	expect(asked(block("demo"), { what: "https://a.example/x", reason: "notice", reference: "" })[2]).toEqual({
		url: "https://a.example/x",
		reason: "notice",
	});
	expect(asked(block("demo", "CID"), { reason: "notice", reference: "17" })[2]).toEqual({
		content: "CID",
		reason: "notice",
		reference: "17",
	});
});

test("why a block is lifted and an edge revoked goes with it", () => {
	expect(asked(unblock("demo", "CID"), { reason: " all settled ", reference: "" })).toEqual([
		"DELETE",
		"sites/demo/blocks/CID?reason=all+settled",
		undefined,
	]);
	expect(asked(unblock("demo", "CID"), { reason: "settled", reference: "case 7" })[1]).toBe(
		"sites/demo/blocks/CID?reason=settled&reference=case+7",
	);
	expect(asked(revokeEdge("F", "f"), { reason: "lost key" })).toEqual([
		"POST",
		"edges/F/revoke",
		{ reason: "lost key" },
	]);
	for (const action of [unblock("demo", "CID"), revokeEdge("F", "f")])
		expect(action.fields[0]).toMatchObject({ name: "reason", required: true });
});

test("days become a time, no days become none", () => {
	expect(asked(ban("P"), { reason: "r", until: "2" })[2]).toEqual({ peer: "P", reason: "r", until: NOW + 2 * DAY });
	expect(asked(ban(), { peer: "Q", reason: "r", until: "" })[2]).toEqual({ peer: "Q", reason: "r" });
});

test("a token's secret is shown, and that it may index only when it was ticked", () => {
	const action = addEdgeToken(["demo", "other"]);

	expect(asked(action, { site: "demo", note: "Ada", expires: "", index: false })[2]).toEqual({
		site: "demo",
		note: "Ada",
		index: false,
	});
	expect(action.done({ secret: "s3cret" }, {}).secret).toEqual({ label: "Token", value: "s3cret" });
	expect(addApiToken().done({ secret: "t" }, {}).secret?.value).toBe("t");
});

test("adding an operator gives the link to send", () => {
	expect(addOperator().done({ link: "https://t.example/dashboard#setup=x" }, { name: "ben" })).toEqual({
		text: "ben is added.",
		secret: { label: "Link", value: "https://t.example/dashboard#setup=x" },
	});
});

test("a role is changed from the version that was shown", () => {
	expect(changeRole("ben", "viewer").basis).toBe("operators/ben");
});

test("draining tells over how long", () => {
	expect(asked(drain(), { seconds: "30" })).toEqual(["POST", "drain", { seconds: 30 }]);
});

test("everything says what it does before, and who may", () => {
	for (const action of [revokeEdge("F", "f"), rotateKey("demo"), drain(), ban(), purge("demo"), addOperator()]) {
		expect(action.explain).toMatch(/\.$/);
		expect(action.least).not.toBe("viewer");
	}
});
