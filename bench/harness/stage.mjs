// What visitors without a browser come to: an origin, a tracker, a few files, and the edge in question.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startOrigin } from "../../demo-site/origin.mjs";
import { publish, startEdge, startTracker, withoutLimits } from "../../demo-site/stack.mjs";
import { compiled } from "./java.mjs";

const SITE = "bench";
/** How often the edge's log is looked at for what is waited for. */
const POLL_MS = 5;

export class Stage {
	#log = "";

	/** @param {{files: number, fileBytes: number, args?: string[], listen?: string}} what `args` of the edge, `listen` of the tracker */
	static async start({ files, fileBytes, args = [], listen }, scope) {
		const stage = new Stage();
		stage.classPath = await compiled("visitor", scope);
		stage.folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
		scope.onClose(() => rm(stage.folder, { recursive: true, force: true }));
		stage.content = join(stage.folder, "content");
		await mkdir(stage.content);
		for (let i = 0; i < files; i++) await writeFile(join(stage.content, `${i}.bin`), randomBytes(fileBytes));
		const origin = await startOrigin({ contentDir: stage.content });
		scope.onClose(() => origin.close());
		stage.origin = origin.url;
		stage.baseUrl = `${origin.url}/content/`;
		await stage.#startTracker(listen, scope);
		stage.edge = await startEdge({
			tracker: stage.tracker.url,
			site: SITE,
			data: join(stage.folder, "edge"),
			http: "",
			args: [...withoutLimits, ...args],
			onLog: (text) => (stage.#log += text),
		});
		scope.onClose(() => stage.edge.stop());
		return stage;
	}

	async #startTracker(listen, scope) {
		const token = randomBytes(24).toString("base64url");
		const config = join(this.folder, "tracker.yaml");
		const data = join(this.folder, "tracker");
		const site = {
			"web-origins": [this.origin],
			"content-origins": [this.origin],
			include: ["/content/**"],
			mode: "edges",
			"open-edges": true,
		};
		const settings = { sites: { [SITE]: site }, tokens: [{ token, role: "publish", site: SITE }] };
		await writeFile(config, JSON.stringify(settings), { mode: 0o600 });
		this.tracker = await startTracker({ data, config, ...(listen && { listen }) });
		scope.onClose(() => this.tracker.stop());
		await publish({ tracker: this.tracker.url, token, site: SITE, baseUrl: this.baseUrl, dir: this.content });
	}

	get site() {
		return SITE;
	}

	/** WebRTC processes that the edge has said it replaces. */
	replacements() {
		return this.#log.split(" is replaced: ").length - 1;
	}

	/** The one that was ready last: its process id, and how many were before it. */
	#webRtc() {
		const ready = [...this.#log.matchAll(/the WebRTC process \d+ \(pid (\d+)\) is ready/g)];
		return { pid: Number(ready.at(-1)?.[1]), before: ready.length };
	}

	/** Kills the WebRTC process; milliseconds until another is ready, or null when none is within `patienceMs`. */
	async killWebRtc(patienceMs) {
		const { pid, before } = this.#webRtc();
		const killed = Date.now();
		process.kill(pid, "SIGKILL");
		while (this.#webRtc().before === before) {
			if (Date.now() - killed > patienceMs) return null;
			await wait(POLL_MS);
		}
		return Date.now() - killed;
	}

	/** Those that it has said died. */
	deaths() {
		return this.#log.split(" died: ").length - 1;
	}
}
