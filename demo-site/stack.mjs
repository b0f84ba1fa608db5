// Starts the tracker's and the edge's jars as a person would, and waits for their ready lines.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const trackerJar = join(root, "tracker", "target", "rivulet-tracker.jar");
export const edgeJar = join(root, "edge-node", "target", "rivulet-edge.jar");
/** Options of Java's that the edge's package starts it with. */
const edgeOptions = `@${join(root, "edge-node", "src", "deb", "java-options")}`;

/** How long a jar may take until its ready line, milliseconds. */
const READY_MS = 60_000;
/** How long a program may take to end after SIGTERM before it is killed, milliseconds. */
const STOP_MS = 10_000;
/** How long what an ended program wrote to stderr may take to arrive, milliseconds. */
const LAST_WORDS_MS = 1_000;

/** Children that run: they end with this process, however that ends, unless it is killed outright. */
const running = new Set();
process.on("exit", () => {
	for (const child of running) child.kill("SIGTERM");
});

function start(command, args, env = {}) {
	const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
	running.add(child);
	child.once("exit", () => running.delete(child));
	return child;
}

/** A running program that prints a ready line. */
export class Program {
	#child;
	/** What it wrote to stderr, newest last. */
	log = "";
	/** Address from its ready line. */
	url = "";
	exited;

	constructor(name, command, args, { env = {}, onLog = () => {} } = {}) {
		this.name = name;
		this.#child = start(command, args, env);
		this.#child.stderr.setEncoding("utf8").on("data", (text) => {
			this.log = (this.log + text).slice(-200_000);
			onLog(text);
		});
		this.exited = new Promise((resolve, reject) => {
			this.#child.once("error", reject);
			this.#child.once("exit", (code, signal) => resolve({ code, signal }));
		});
		this.exited.catch(() => {});
	}

	get pid() {
		return this.#child.pid;
	}

	/** Resolves with this program when it has printed its ready line; ends it, and rejects, when it has not in time. */
	async ready(withinMs = READY_MS) {
		let timer;
		const late = new Promise((_, reject) => {
			timer = setTimeout(
				() => reject(new Error(`${this.name} was not ready in ${withinMs} ms:\n${this.log}`)),
				withinMs,
			);
		});
		const ended = this.exited.then(async ({ code, signal }) => {
			await finished(this.#child.stderr, { signal: AbortSignal.timeout(LAST_WORDS_MS) }).catch(() => {});
			throw new Error(`${this.name} ended with ${signal ?? code}:\n${this.log}`);
		});
		try {
			this.url = await Promise.race([this.#readyLine(), ended, late]);
			return this;
		} catch (error) {
			await this.stop();
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}

	/** The address it names, empty when it names none. */
	#readyLine() {
		return new Promise((resolve) => {
			createInterface({ input: this.#child.stdout }).on("line", (line) => {
				const match = /^ready(?: (https?:\/\/\S+))?/.exec(line);
				if (match) resolve(match[1] ?? "");
			});
		});
	}

	kill(signal) {
		this.#child.kill(signal);
		return this.exited;
	}

	/** Asks it to end, and makes it end when it does not. */
	async stop() {
		const { pid, exitCode, signalCode } = this.#child;
		if (pid === undefined) return { code: null, signal: null }; // it could not even be started
		if (exitCode !== null || signalCode !== null) return this.exited;
		const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
		this.#child.kill("SIGTERM");
		const ended = await this.exited;
		clearTimeout(timer);
		return ended;
	}
}

/** Starts a tracker. */
export function startTracker({ listen = "127.0.0.1:0", data, config, ...options }) {
	return new Program(
		"tracker",
		"java",
		["-jar", trackerJar, "run", "--listen", listen, "--data", data, "--config", config],
		options,
	).ready();
}

/** Arguments of an edge that moves as much as it can, for measurements. */
export const withoutLimits = ["--upload-rate", "0 B", "--download-rate", "0 B", "--monthly-transfer", "0 B"];

/**
 * Starts an edge; `http` empty for one without a gateway.
 *
 * @param {{tracker: string, site: string, data: string, http?: string, args?: string[], env?: Record<string, string>, onLog?: (text: string) => void}} options
 */
export function startEdge({ tracker, site, data, http = "127.0.0.1:0", args = [], ...options }) {
	const status = ["--status", "127.0.0.1:0"];
	const gateway = http ? ["--http", http] : [];
	return new Program(
		"edge",
		"java",
		[
			edgeOptions,
			...["-jar", edgeJar, "run", "--tracker", tracker, "--site", site, "--data", data],
			...[...status, ...gateway, ...args],
		],
		options,
	).ready();
}

/** Runs a command of the tracker's jar to its end and returns what it printed. */
export async function trackerCommand(...args) {
	const child = start("java", ["-jar", trackerJar, ...args]);
	let out = "";
	let err = "";
	child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
	child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
	const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
	if (code !== 0) throw new Error(`rivulet-tracker ${args[0]} ended with ${code}:\n${err}${out}`);
	return out;
}

/** Keeps the catalog in step with a packager's folder; ready once it is. */
export function startFollower({ tracker, token, site, baseUrl, dir, args = [], ...options }) {
	const where = ["--tracker", tracker, "--site", site, "--base-url", baseUrl, ...args, dir];
	const env = { ...options.env, RIVULET_TRACKER_TOKEN: token };
	return new Program("publish --follow", "java", ["-jar", trackerJar, "publish", "--follow", ...where], {
		...options,
		env,
	}).ready();
}

/** Indexes the files of a folder, as a site's build would. */
export function publish({ tracker, token, site, baseUrl, dir }) {
	return trackerCommand("publish", "--tracker", tracker, "--token", token, "--site", site, "--base-url", baseUrl, dir);
}
