// What every report says of the machine and the run, and where reports are kept.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const RESULTS = fileURLToPath(new URL("../results", import.meta.url));

export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function version(command, ...args) {
	const { stdout, stderr } = await run(command, args);
	return (stdout || stderr).split("\n", 1)[0].trim();
}

export async function machine(chromium) {
	const cpus = os.cpus();
	return [
		`machine   ${cpus.length} × ${cpus[0]?.model.trim() ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}`,
		`versions  ${await version("java", "-version")}; Node ${process.version}; ${chromium}`,
		`commit    ${await version("git", "describe", "--always", "--dirty").catch(() => "unknown")}`,
	];
}

/** Load average of the last minute. */
export const load = () => os.loadavg()[0].toFixed(2);

/** Appends the report to the file of the day, a section per run; `name` is the benchmark's. */
export async function save(name, text) {
	await mkdir(RESULTS, { recursive: true });
	const now = new Date();
	const file = `${RESULTS}/${now.toISOString().slice(0, 10)}.md`;
	// what is written besides changes no figure
	const words = process.argv
		.slice(2)
		.join(" ")
		.replace(/ ?--save| ?--json[ =]\S+/g, "");
	const title = `## ./rivulet bench ${name} ${words.trim()}, ${now.toISOString().slice(11, 16)} UTC`;
	await writeFile(file, `${title}\n\n\`\`\`\n${text}\n\`\`\`\n\n`, { flag: "a" });
	return file;
}
