import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, expect, test } from "vitest";
import { Stack } from "../fixture/stack.ts";

const PATIENCE_MS = 180_000;
/** To download and install a whole system, where there is none of the last days. */
const SYSTEM_PATIENCE_MS = 600_000;
const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const fixture = fileURLToPath(new URL("../fixture", import.meta.url));

/** With no more than a system has that was just installed, so that packages bring what they need, or it is not there. */
let system: string;
beforeAll(async () => {
	const made = await run("sh", [join(fixture, "clean-system.sh"), join(root, "target", "clean-system")]);
	system = made.stdout.trim();
}, SYSTEM_PATIENCE_MS);

let stack: Stack | undefined;
afterEach(async () => {
	await stack?.close();
	stack = undefined;
});

/** What a script says about the package that a module built. */
async function lines(
	module: string,
	script: string,
	environment: Record<string, string> = {},
	options: string[] = [],
): Promise<string[]> {
	const target = join(root, module, "target");
	const deb = readdirSync(target).find((name) => name.endsWith(".deb"));
	expect(deb, "the package is built").toBeDefined();
	const said = await run(
		"sh",
		[
			join(fixture, "spare-root.sh"),
			...options,
			system,
			join(fixture, script),
			join(fixture, "debian-package.sh"),
			join(target, deb ?? ""),
		],
		{ env: { ...process.env, ...environment }, timeout: PATIENCE_MS },
	).catch((error: { stdout: string; stderr: string }) => error);
	// The whole of it tells more where a line is missing.
	return said.stdout.endsWith("test: purged\n") ? said.stdout.trim().split("\n") : [said.stdout + said.stderr];
}

test("the edge's Debian package installs, serves, is upgraded and leaves nothing behind", async () => {
	stack = await Stack.start({ publish: false });

	expect(await lines("edge-node", "debian-edge.sh", { TRACKER: stack.tracker.url })).toEqual([
		"test: installed",
		expect.stringMatching(/^test: set up [\w-]{43}$/),
		"test: served",
		"test: served another site",
		"test: upgraded",
		"test: purged",
	]);
});

test("two edges of the Debian package serve, are upgraded and purged under systemd", async () => {
	stack = await Stack.start({ publish: false });

	expect(await lines("edge-node", "debian-systemd.sh", { TRACKER: stack.tracker.url }, ["--booted"])).toEqual([
		"test: served",
		"test: upgraded",
		"test: purged",
	]);
});

test("the tracker's Debian package installs, serves, is restored, is upgraded and leaves nothing behind", async () => {
	expect(await lines("tracker", "debian-tracker.sh")).toEqual([
		"test: installed",
		expect.stringMatching(/^test: set up <script src="https:\/\/tracker\.example\/rivulet\.js" data-site="demo" /),
		"test: served",
		"test: restored",
		"test: upgraded",
		"test: purged",
	]);
});
