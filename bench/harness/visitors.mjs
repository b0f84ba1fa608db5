// A process of visitors without a browser (HeadlessVisitors), which counts what it does.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const MAIN = "dev.rivulet.bench.visitor.HeadlessVisitors";

export class Visitors {
	/** As HeadlessVisitors prints them; the last are those of the end. */
	counts = {};
	#child;
	#log = "";
	#ended;

	/**
	 * @param {{tracker: {url: string}, site: string, origin: string, baseUrl: string, content: string, classPath: string}} stage
	 * @param {{atOnce: number, connections?: number, requests?: number, paceMs?: number, window: number}} what without
	 *     connections they stay until the end, each with a request every `paceMs` milliseconds
	 * @param {string[]} prefix of the command, such as that which enters a namespace
	 */
	constructor(stage, { atOnce, connections = 0, requests = 0, paceMs = 0, window }, scope, prefix = []) {
		const where = [stage.tracker.url, stage.site, stage.origin, stage.baseUrl, stage.content];
		const what = [atOnce, connections, requests, paceMs, window];
		const [command, ...args] = [...prefix, "java", "-cp", stage.classPath, MAIN, ...where, ...what].map(String);
		this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
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

	/** What it wrote to stderr, newest last. */
	get log() {
		return this.#log;
	}

	get pid() {
		return this.#child.pid;
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
