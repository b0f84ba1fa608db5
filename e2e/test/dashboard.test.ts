import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticatorCode, Operator } from "../fixture/operator.ts";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

const NAME = "ada";
const PASSWORD = "correct horse battery staple";
const WIDTHS = [400, 1400];
const VIEWS = [
	["overview", "Overview"],
	["sites", "Sites"],
	["sites/demo", "demo"],
	["sites/+", "Add a site"],
	["contents", "Content"],
	["swarms", "Swarms"],
	["edges", "Edges"],
	["events", "Events"],
	["bans", "Bans"],
	["settings", "Settings"],
	["access", "Access"],
	["audit", "Audit log"],
	["account", "Your account"],
] as const;

let stack: Stack;
let operator: Operator;
/** Tests go on where the one before ended, as an operator's day does. */
beforeAll(async () => {
	stack = await Stack.start();
	operator = await Operator.arrive(stack);
});
afterAll(() => stack?.close());

test("the first operator comes by the printed link, with the keyboard alone", async () => {
	await expect.poll(() => operator.setUpLink).not.toBe("");
	await operator.page.goto(operator.setUpLink);
	await operator.title("Welcome");

	await operator.tabTo("Name");
	await operator.type(NAME);
	await operator.tabTo("Password");
	await operator.type(PASSWORD);
	await operator.tabTo("Password again");
	await operator.type(PASSWORD);
	await operator.page.keyboard.press("Enter");

	await operator.title("Overview");
	expect(operator.page.url()).not.toContain("setup");
});

test("signing in takes the right password", async () => {
	await operator.press("Sign out");
	await operator.title("Sign in");
	await operator.fill("Name", NAME);
	await operator.fill("Password", "something else altogether");
	await operator.press("Sign in");
	await operator.page.waitForSelector("[role=alert]");

	await operator.fill("Password", PASSWORD);
	await operator.press("Sign in");

	await operator.title("Overview");
});

test("a dialog asks back, and Escape leaves everything as it was", async () => {
	await operator.open("access");
	await operator.tabTo("Add an operator");
	await operator.page.keyboard.press("Enter");
	await operator.asked();
	await operator.page.keyboard.press("Escape");
	await operator.closed();

	await operator.tabTo("Add an operator");
	await operator.page.keyboard.press("Enter");
	await operator.asked();
	await operator.tabTo("Name");
	await operator.type("ben");
	await operator.page.keyboard.press("Enter");

	expect(await operator.secret()).toMatch(/\/dashboard#setup=.+/);
	await operator.confirm("Close");
	await operator.closed();
	await operator.reads("has not used the link yet");
});

test("operators get other roles and go again; API tokens are shown once and taken back", async () => {
	await operator.press("Change role");
	await operator.choose("Role", "operator");
	await operator.confirm("Change");
	await operator.reads("ben is now operator.");
	await operator.closed();

	await operator.press("Make an API token");
	await operator.fill("Name", "grafana");
	await operator.confirm("Make the token");
	const secret = await operator.secret();
	await operator.confirm("Close");
	const api = `${stack.tracker.url.replace(/\/$/, "")}/api/v1/session`;
	const asked = () => fetch(api, { headers: { Authorization: `Bearer ${secret}` } }).then(({ status }) => status);
	expect(await asked()).toBe(200);

	await operator.press("Take back");
	await operator.confirm("Take back");
	await operator.reads("The token grafana is taken back.");
	expect(await asked()).toBe(401);

	await operator.press("Remove");
	await operator.confirm("Remove");
	await operator.reads("ben is removed.");
});

test("a second factor is scanned or typed in, and then asked for", async () => {
	await operator.open("account");
	await operator.press("Set up");
	await operator.page.waitForSelector("svg.qr");
	const key = await operator.page.$eval("svg.qr + p code", (code) => code.textContent ?? "");
	await operator.fill("Code", authenticatorCode(key));
	await operator.press("Switch on");
	await operator.reads("Signing in asks for a code");

	await operator.press("Sign out");
	await operator.fill("Name", NAME);
	await operator.fill("Password", PASSWORD);
	await operator.press("Sign in");
	// A code is good once; that of the next half minute is good, too.
	await operator.fill("Code from your authenticator", authenticatorCode(key, 1));
	await operator.press("Sign in");

	await operator.title("Your account");
});

test("what was done is in the audit log", async () => {
	await operator.open("audit");

	await operator.reads("api-tokens");
});

test("the overview shows a visit while it goes on", async () => {
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await operator.open();

	await operator.page.waitForFunction(() =>
		[...document.querySelectorAll(".tile")].some((tile) => /^Viewers\s*1/.test(tile.textContent ?? "")),
	);
});

test("every view fits narrow and wide windows, light and dark, and axe-core finds nothing serious", async () => {
	const { page } = operator;
	const found: string[] = [];
	for (const [view, title] of VIEWS) {
		await operator.open(view);
		await operator.title(title);
		for (const value of ["light", "dark"]) {
			await page.emulateMediaFeatures([
				{ name: "prefers-color-scheme", value },
				{ name: "prefers-reduced-motion", value: "reduce" },
			]);
			for (const width of WIDTHS) {
				await page.setViewport({ width, height: 900 });
				const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
				if (scroll > width) found.push(`${view} at ${width}: ${scroll} wide`);
			}
			for (const violation of await operator.violations()) found.push(`${view}, ${value}: ${violation}`);
		}
	}

	expect(found).toEqual([]);
	expect(operator.complaints).toEqual([]);
});
