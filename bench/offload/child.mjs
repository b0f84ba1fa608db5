// Processes of the benchmark's own: they say their port when they listen, and end with the benchmark.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts a module beside this one. @returns the process and the address at which it listens */
export async function startChild(module, scope) {
	const child = fork(fileURLToPath(new URL(module, import.meta.url)));
	scope.onClose(async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, "exit");
		if (child.connected) child.disconnect();
		await ended;
	});
	const [{ port }] = await once(child, "message");
	return { child, url: `http://127.0.0.1:${port}` };
}
