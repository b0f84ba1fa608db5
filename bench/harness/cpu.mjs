// Processor time of process trees: on a machine that does other things too, steadier than the clock on the wall.
import { readdirSync, readFileSync } from "node:fs";

/** Linux reports processor time in these, whatever the kernel's own tick (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Parent and processor time of every process; null where there is no /proc. */
function processes() {
	const found = new Map();
	try {
		for (const name of readdirSync("/proc")) {
			if (!/^\d+$/.test(name)) continue;
			try {
				const stat = readFileSync(`/proc/${name}/stat`, "utf8");
				// The command's name, field 2, may hold anything: what counts comes after its closing parenthesis.
				const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
				found.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
			} catch {
				// It ended between the listing and the reading.
			}
		}
	} catch {
		return null;
	}
	return found;
}

/** Ticks by process of the trees below `roots`. */
function ticks(roots) {
	const all = processes();
	if (!all) return null;
	const inside = (pid) => {
		for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (roots.includes(at)) return true;
		return false;
	};
	return new Map([...all].filter(([pid]) => inside(pid)).map(([pid, { ticks }]) => [pid, ticks]));
}

/** Runs `work` and adds to its result what the processes below `roots` used meanwhile, seconds. */
export async function metered(roots, work) {
	const before = ticks(roots);
	const result = await work();
	const after = ticks(roots);
	if (!before || !after) return result;
	let used = 0;
	for (const [pid, now] of after) used += now - (before.get(pid) ?? 0);
	return { ...result, cpuSeconds: used / TICKS_PER_SECOND };
}
