// Programs of ours in Java, compiled with the edge's jar, which brings the libraries: there is nothing else to build.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { edgeJar } from "../../demo-site/stack.mjs";

const sources = fileURLToPath(new URL("../src/main/java/dev/rivulet/bench", import.meta.url));

/** Compiles the package `dev.rivulet.bench.NAME`; resolves with a class path for it, which `scope` removes. */
export async function compiled(name, scope) {
	const classes = await mkdtemp(join(tmpdir(), "rivulet-bench-classes-"));
	scope.onClose(() => rm(classes, { recursive: true, force: true }));
	const folder = join(sources, name);
	const files = (await readdir(folder)).filter((file) => file.endsWith(".java")).map((file) => join(folder, file));
	await promisify(execFile)("javac", ["-nowarn", "-cp", edgeJar, "-d", classes, ...files]);
	return [classes, edgeJar].join(delimiter);
}
