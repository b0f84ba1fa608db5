import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { Stack } from "../fixture/stack.ts";

const PATIENCE_MS = 180_000;
const run = promisify(execFile);
const target = fileURLToPath(new URL("../../edge-node/target", import.meta.url));
const fixture = fileURLToPath(new URL("../fixture", import.meta.url));

let stack: Stack;
afterEach(() => stack?.close());

test("the Debian package installs, serves, is upgraded and leaves nothing behind", async () => {
	stack = await Stack.start({ publish: false });
	const deb = readdirSync(target).find((name) => /^rivulet-edge_.*\.deb$/.test(name));
	expect(deb, "the package is built").toBeDefined();

	const said = await run(
		"sh",
		[join(fixture, "spare-root.sh"), join(fixture, "debian-package.sh"), join(target, deb ?? "")],
		{ env: { ...process.env, TRACKER: stack.tracker.url }, timeout: PATIENCE_MS },
	).catch((error: { stdout: string; stderr: string }) => error);

	expect(said.stdout.split("\n"), said.stdout + said.stderr).toEqual([
		"test: installed",
		expect.stringMatching(/^test: set up [\w-]{43}$/),
		"test: served",
		"test: upgraded",
		"test: purged",
		"",
	]);
});
