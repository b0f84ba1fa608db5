// A process of visitors (SoakPeers), which counts what it does.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { edgeJar } from "../../demo-site/stack.mjs";

const source = fileURLToPath(new URL("../src/main/java/dev/rivulet/bench/SoakPeers.java", import.meta.url));

export class Visitors {
	/** As SoakPeers prints them; the last are those of the end. */
	counts = {};
	#child;
	#log = "";
	#ended;

	/** @param {{atOnce: number, connections: number, requests: number}} what 0 connections: they stay until the end */
	constructor(stage, { atOnce, connections, requests }, scope) {
		// Run from source with the edge's jar, which brings the libraries: there is nothing else to build.
		const where = [stage.tracker.url, stage.site, stage.origin, stage.baseUrl, stage.content];
		const args = ["-cp", edgeJar, source, ...where, atOnce, connections, requests].map(String);
		this.#child = spawn("java", args, { stdio: ["pipe", "pipe", "pipe"] });
		this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.#log = (this.#log + text).slice(-20_000)));
		createInterface({ input: this.#child.stdout }).on("line", (line) => {
			if (line.startsWith("{")) this.counts = Object.assign(this.counts, JSON.parse(line));
		});
		this.#ended = new Promise((resolve, reject) => {
			this.#child.once("error", reject);
			this.#child.once("close", (code, signal) =>
				code === 0 ? resolve() : reject(new Error(`visitors ended with ${signal ?? code}:\n${this.#log}`)),
			);
		});
		this.#ended.catch(() => {});
		scope.onClose(async () => this.#child.kill("SIGKILL"));
	}

	/** Resolves when all connections were made. */
	done() {
		return this.#ended;
	}

	/** Ends those that stay. */
	end() {
		this.#child.stdin.end();
		return this.#ended;
	}
}
