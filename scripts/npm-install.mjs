// Runs `npm ci` when node_modules is missing or was made from another lockfile.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = `${root}node_modules/.rivulet-lockfile-sha256`;
const wanted = createHash("sha256")
	.update(readFileSync(`${root}package-lock.json`))
	.digest("hex");

if (installed() !== wanted) {
	const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: "inherit" });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
	writeFileSync(stamp, wanted);
}

function installed() {
	try {
		return readFileSync(stamp, "utf8");
	} catch {
		return undefined;
	}
}
