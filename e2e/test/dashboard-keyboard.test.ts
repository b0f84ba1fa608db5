import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Operator } from "../fixture/operator.ts";
import { Refusal } from "../fixture/refusal.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { look } from "../fixture/tracker-api.ts";
import { Visitor } from "../fixture/visitor.ts";

const SIZE = 2 * 262_144;
const PATIENCE_MS = 60_000;

interface Items<T> {
	readonly items: readonly T[];
}

let file: BigFile;
let stack: Stack;
let operator: Operator;
const origin = new Refusal("/");
/** Fingerprint of the edge that joins. */
let fingerprint = "";
/** Tests go on where the one before ended, as an operator's day does, here without a mouse. */
beforeAll(async () => {
	file = await bigFile(SIZE, 53);
	stack = await Stack.start({ content: file.folder, intercept: origin.intercept });
	operator = await Operator.arrive(stack);
	await operator.setUp("correct horse battery staple");
	await operator.allowClipboard();
});
afterAll(async () => {
	await stack?.close();
	await rm(file.folder, { recursive: true });
});

test("a site's origin is tried before anything is saved", async () => {
	await operator.open("sites/+");
	await operator.write("Id", "magazine");
	await operator.write("Origins of the pages", stack.origin.url);
	await operator.write("Origins of the content", stack.origin.url);
	origin.refusing = true;
	await operator.act("Check");
	await operator.reads("Something needs attention:");
	await operator.reads(`${stack.origin.url}: answers with an error of its own`);

	origin.refusing = false;
	await operator.act("Check");
	await operator.reads("Everything is in order.");

	const { items } = await look<Items<{ id: string }>>(stack, "/sites");
	expect(items.map(({ id }) => id)).toEqual([SITE]);
});

test("the tag of a site is copied as it is shown, its root key pinned", async () => {
	await operator.open(`sites/${SITE}`);
	await operator.reads("data-site=");
	await operator.act("Copy");
	await operator.reads("Copied.");

	const copied = await operator.clipboard();
	const { key } = await look<{ key: string }>(stack, `/sites/${SITE}`);
	expect(copied).toBe(await operator.page.$eval("main pre", (tag) => tag.textContent));
	expect(copied).toContain(`data-site="${SITE}" data-key="${key}"`);
});

test("an edge is trusted to index whose token says so", async () => {
	await operator.open("edges");
	await operator.reads("Make an edge token");
	await operator.begin("Make an edge token");
	await operator.write("Note", "The operator's own");
	await operator.tabTo("Trusted to index");
	await operator.page.keyboard.press("Space");
	await operator.act("Make the token");
	const token = await operator.secret();
	await operator.act("Copy");
	await operator.reads("Copied.");
	expect(await operator.clipboard()).toBe(token);
	await operator.act("Close");
	await operator.closed();

	const edge = await stack.addEdge({ args: ["--token", token] });
	fingerprint = /this edge is (\S{43})/.exec(edge.log)?.[1] ?? "";
	await operator.open(`edges/${SITE}/${fingerprint}`);
	await operator.fact("Trusted to index", "yes");
	expect(await look(stack, `/edges/${fingerprint}?site=${SITE}`)).toMatchObject({ index: true, online: true });
});

test("an edge is banned from its own view", async () => {
	await operator.begin("Ban");
	await operator.write("Reason", "It is too slow");
	await operator.page.keyboard.press("Enter");
	await operator.reads("The peer is banned.");
	await operator.fact("State", "offline");

	const { items } = await look<Items<object>>(stack, "/bans");
	expect(items).toMatchObject([{ peer: fingerprint, kind: "edge", reason: "It is too slow", until: null }]);
});

test("a visitor is banned from a swarm's picture, which is empty then", async () => {
	const url = `${stack.contentUrl}/${file.name}`;
	const { content } = await catalogEntry(stack.tracker.url, url);
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	expect((await visitor.download(url)).sha256).toBe(file.sha256);
	const members = () => look<{ members: readonly object[] }>(stack, `/swarms/${SITE}/${content}`);
	await expect.poll(members, { timeout: PATIENCE_MS }).toMatchObject({ members: [{ role: "page", holds: "some" }] });

	await operator.open(`swarms/${SITE}/${content}`);
	await operator.reads("Members, the best connected first");
	await operator.begin("Ban");
	await operator.write("Reason", "It sent wrong pieces");
	await operator.page.keyboard.press("Enter");
	await operator.reads("The peer is banned.");
	await operator.reads("Nobody is in this swarm now.");

	const { items } = await look<Items<{ kind: string; reason: string }>>(stack, "/bans");
	expect(items.map(({ kind, reason }) => [kind, reason])).toContainEqual(["page", "It sent wrong pieces"]);
	expect((await visitor.download(`${url}?after`)).sha256).toBe(file.sha256);
});

test("all of it is in the audit log, with the reasons", async () => {
	await operator.open("audit");

	await operator.reads("It is too slow");
	await operator.reads("It sent wrong pieces");
	await operator.reads("POST /edge-tokens");
	expect(operator.complaints).toEqual([]);
});
