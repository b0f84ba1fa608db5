import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

test.each([
	["tracker/target/rivulet-tracker.jar", "rivulet-tracker 0.1.0"],
	["edge-node/target/rivulet-edge.jar", "rivulet-edge 0.1.0"],
])("%s says its version", async (jar, version) => {
	const { stdout } = await run("java", ["-jar", jar, "--version"], { cwd: root });

	expect(stdout.trim()).toBe(version);
});
