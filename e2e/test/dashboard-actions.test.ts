import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticatorCode, Operator } from "../fixture/operator.ts";
import { SITE, Stack } from "../fixture/stack.ts";

const PASSWORD = "correct horse battery staple";
/** Fingerprint of an edge that never was here. */
const FINGERPRINT = "A".repeat(43);
/** Id of a content that the catalog does not have. */
const CONTENT = "B".repeat(42).concat("A");

let stack: Stack;
let operator: Operator;
/** Tests go on where the one before ended, as an operator's day does; all of it by keyboard. */
beforeAll(async () => {
	stack = await Stack.start();
	operator = await Operator.arrive(stack);
	await operator.setUp(PASSWORD);
});
afterAll(() => stack?.close());

test("a site is added once its configuration is in order, changed, and removed", async () => {
	await operator.open("sites/+");
	await operator.fill("Id", "magazine");
	await operator.fill("Origins of the pages", stack.origin.url);
	await operator.fill("Origins of the content", "no origin");
	await operator.press("Save");
	await operator.reads("Something needs attention:");

	await operator.fill("Origins of the content", stack.origin.url);
	await operator.press("Save");
	await operator.title("magazine");
	await operator.reads('data-site="magazine"');

	await operator.press("Edit", "link");
	await operator.title("Edit magazine");
	await operator.choose("Privacy mode", "edges");
	await operator.press("Save");
	await operator.title("magazine");
	await operator.reads("edges");

	await operator.press("Remove");
	await operator.fill("Type the site's id", "magazin");
	await operator.confirm("Remove the site");
	expect(await operator.page.$("dialog[open] [aria-invalid=true]")).not.toBeNull();
	await operator.fill("Type the site's id", "magazine");
	await operator.confirm("Remove the site");
	await operator.reads("magazine is removed.");
});

test("content is purged by the beginning of its URLs, and blocked until the block is lifted", async () => {
	await operator.open(`sites/${SITE}`);
	await operator.press("Purge");
	await operator.choose("What", "prefix");
	await operator.fill("URL, content id or key", `${stack.contentUrl}/none-begins-so`);
	await operator.confirm("Purge");
	await operator.reads("Removed entries: 0.");
	await operator.closed();

	await operator.press("Block");
	await operator.fill("URL or content id", `${stack.contentUrl}/blocked.bin`);
	await operator.fill("Reason", "A notice");
	await operator.fill("Reference", "2026-17");
	await operator.confirm("Block");
	await operator.reads("It is blocked.");
	await operator.reads("2026-17");

	await operator.press("Lift");
	await operator.fill("Reason", "It was withdrawn");
	await operator.confirm("Lift the block");
	await operator.reads("The block is lifted.");
});

test("a site's online key is rotated", async () => {
	await operator.open(`sites/${SITE}`);
	await operator.press("Rotate online key");
	await operator.confirm("Rotate");
	await operator.reads(`${SITE} has a new online key.`);
});

test("a token lets an edge in, which is seen, and revoked", async () => {
	await operator.open("edges");
	await operator.press("Make an edge token");
	await operator.choose("Site", SITE);
	await operator.fill("Note", "Ben's server");
	await operator.confirm("Make the token");
	const token = await operator.secret();
	await operator.confirm("Close");
	await stack.addEdge({ args: ["--token", token] });
	await operator.open("edges");
	await operator.follow("main table a.name");
	await operator.reads("Fingerprint");

	await operator.press("Revoke");
	await operator.fill("Reason", "Its key leaked");
	await operator.confirm("Revoke");
	await operator.reads("is revoked.");
	await operator.reads("revoked");
});

test("a peer is banned, and the ban lifted", async () => {
	await operator.open("bans");
	await operator.press("Ban a peer");
	await operator.fill("Peer id or fingerprint", FINGERPRINT);
	await operator.fill("Reason", "It sent wrong pieces");
	await operator.page.keyboard.press("Enter");
	await operator.reads("The peer is banned.");
	await operator.reads("It sent wrong pieces");

	await operator.press("Lift");
	await operator.confirm("Lift the ban");
	await operator.reads("The ban is lifted.");
});

test("tokens to publish with, and those of edges, are taken back", async () => {
	await operator.open(`sites/${SITE}`);
	await operator.press("Make a publish token");
	await operator.fill("Note", "The nightly build");
	await operator.confirm("Make the token");
	expect(await operator.secret()).not.toBe("");
	await operator.confirm("Close");
	await operator.reads("The nightly build");
	await operator.press("Take back");
	await operator.confirm("Take back");
	await operator.reads("The token is taken back.");

	await operator.open("edges");
	await operator.press("Take back");
	await operator.confirm("Take back");
	await operator.reads("The token is taken back.");
});

test("content is purged and blocked from its own view", async () => {
	const content = CONTENT;
	await operator.open(`contents/${SITE}/${content}`);
	await operator.press("Purge");
	await operator.confirm("Purge");
	await operator.reads("Removed entries: 0.");
	await operator.closed();

	await operator.press("Block");
	await operator.fill("Reason", "Another notice");
	await operator.confirm("Block");
	await operator.reads("It is blocked.");
});

test("who has lost a password is made another link", async () => {
	await operator.open("access");
	await operator.press("Add an operator");
	await operator.fill("Name", "ben");
	await operator.confirm("Make the link");
	const link = await operator.secret();
	await operator.confirm("Close");
	await operator.closed();

	await operator.press("New link");
	await operator.confirm("Make the link");
	const another = await operator.secret();
	await operator.confirm("Close");
	await operator.closed();

	expect(another).toMatch(/\/dashboard#setup=.+/);
	expect(another).not.toBe(link);
});

test("an operator chooses another password, and switches the second factor on and off", async () => {
	const another = `${PASSWORD} again`;
	await operator.open("account");
	await operator.fill("Current password", PASSWORD);
	await operator.fill("New password", another);
	await operator.fill("New password again", another);
	await operator.press("Change password");
	await operator.reads("The password is changed.");
	await operator.press("Sign out");
	await operator.fill("Name", "ada");
	await operator.fill("Password", another);
	await operator.press("Sign in");
	await operator.title("Your account");

	await operator.press("Set up");
	await operator.page.waitForSelector("svg.qr");
	const key = await operator.page.$eval("svg.qr + p code", (code) => code.textContent ?? "");
	await operator.fill("Code", authenticatorCode(key));
	await operator.press("Switch on");
	await operator.reads("The second factor is on.");
	// A code is good once; that of the next half minute is good, too.
	await operator.fill("Code", authenticatorCode(key, 1));
	await operator.press("Switch off");
	await operator.reads("The second factor is off.");
});

test("the policy is set, and the tracker drained and not", async () => {
	await operator.open("settings");
	await operator.fill("Price per GB from the origin", "0.085");
	await operator.fill("Currency", "EUR");
	await operator.press("Save");
	await operator.reads("The policy is saved.");
	await operator.open();
	await operator.reads("€");

	await operator.open("settings");
	await operator.press("Drain this tracker");
	await operator.confirm("Drain");
	await operator.reads("This tracker is draining");
	await operator.closed();
	await operator.press("Stop draining");
	await operator.confirm("Stop draining");
	await operator.reads("The tracker accepts everybody again.");
	expect(operator.complaints).toEqual([]);
});
