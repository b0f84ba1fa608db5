import { spawnSync } from "node:child_process";
import { expect, test, vi } from "vitest";
import { Program } from "./stack.mjs";

const READY = "console.log('ready http://127.0.0.1:1')";
const STAYS = "setInterval(() => {}, 1000)";

const node = (script) => new Program("program", process.execPath, ["-e", script]);

function lives(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test("a program is ready when it says so, and ends when asked", async () => {
	const program = await node(`${READY}; ${STAYS}`).ready();

	expect(program.url).toBe("http://127.0.0.1:1");
	expect(await program.stop()).toEqual({ code: null, signal: "SIGTERM" });
	expect(lives(program.pid)).toBe(false);
});

test("a program that is not ready in time is ended", async () => {
	const program = node(STAYS);

	await expect(program.ready(100)).rejects.toThrow("program was not ready in 100 ms");
	expect(lives(program.pid)).toBe(false);
});

test("a program that ends instead of being ready says what it said", async () => {
	const program = node("console.error('no such site'); process.exitCode = 2");

	await expect(program.ready()).rejects.toThrow("program ended with 2:\nno such site");
});

test("a program that does not exist is told of, and has nothing to stop", async () => {
	const program = new Program("program", "/nonexistent", []);

	await expect(program.ready()).rejects.toThrow("ENOENT");
	await program.stop();
});

test("programs end with the process that started them", async () => {
	const stack = JSON.stringify(new URL("./stack.mjs", import.meta.url).href);
	const parent = `import(${stack}).then(async ({ Program }) => {
		const program = await new Program("program", process.execPath, ["-e", ${JSON.stringify(`${READY}; ${STAYS}`)}]).ready();
		console.log(program.pid);
		throw new Error("something else fails");
	})`;
	const { stdout, status } = spawnSync(process.execPath, ["-e", parent], { encoding: "utf8" });

	expect(status).toBe(1);
	await vi.waitFor(() => expect(lives(Number(stdout))).toBe(false), 30_000);
});
