// Adds up the JUnit reports of surefire, failsafe and vitest and prints "N passed, N failed" on a line of its own.
// With --clear, deletes them instead, so that no report of an earlier run is counted.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = [".", "protocol", "tracker", "edge-node", "e2e", "bench"];
const folders = ["surefire-reports", "failsafe-reports", "vitest-reports"];

const reports = modules.flatMap((module) =>
	folders.flatMap((folder) => {
		const path = join(root, module, "target", folder);
		if (!existsSync(path)) return [];
		const names = readdirSync(path).filter((name) => /^TEST-.*\.xml$/.test(name));
		return names.map((name) => join(path, name));
	}),
);

if (process.argv.includes("--clear")) {
	for (const report of reports) rmSync(report);
} else {
	const total = { passed: 0, failed: 0, skipped: 0 };
	for (const report of reports) {
		for (const [suite] of readFileSync(report, "utf8").matchAll(/<testsuite\s[^>]*>/g)) {
			const failed = count(suite, "failures") + count(suite, "errors");
			total.failed += failed;
			total.skipped += count(suite, "skipped");
			total.passed += count(suite, "tests") - failed - count(suite, "skipped");
		}
	}
	if (total.skipped > 0) console.log(`${total.skipped} skipped`);
	console.log(`${total.passed} passed, ${total.failed} failed`);
	if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
}

function count(suite, attribute) {
	return Number(new RegExp(`\\s${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
}
