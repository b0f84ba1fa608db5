// A tracker that has run for 90 days with many edges and contents, made in seconds.
import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publish, startTracker, trackerJar } from "../../demo-site/stack.mjs";
import { say } from "../harness/program.mjs";
import { fingerprintOf } from "./edge-key.mjs";

const run = promisify(execFile);
const FILLER = "../../tracker/src/test/java/dev/rivulet/tracker/history/FilledHistory.java";
/** Sites of the tracker; edges and contents are the first one's, which is the largest. */
const SITES = ["magazine", "films", "downloads", "archive", "radio"];
/** Files in a folder of content. */
const PER_FOLDER = 100;
/** Bytes of a file: what is asked of the catalog does not depend on it. */
const FILE_BYTES = 512;
/** Bans, blocks, tokens and operators each: of those there are few. */
const OF_OTHERS = 20;
const OPERATOR = { name: "ada", password: "correct horse battery staple" };

const originOf = (site) => `https://${site}.example.org`;

export class OldTracker {
	site = SITES[0];
	operator = OPERATOR;

	/** Makes it in `folder`, unless it is there. */
	static async start(folder, size, scope) {
		const old = new OldTracker();
		old.folder = folder;
		old.origin = originOf(old.site);
		const kept = await readFile(join(folder, "made.json"), "utf8").catch(() => undefined);
		if (kept === undefined) await old.#make(size);
		else Object.assign(old, JSON.parse(kept));
		await old.#run();
		scope.onClose(() => old.tracker.stop());
		if (kept === undefined) await old.#furnish();
		return old;
	}

	get #data() {
		return join(this.folder, "tracker");
	}

	async #run() {
		this.tracker = await startTracker({ data: this.#data, config: join(this.folder, "tracker.yaml") });
		this.url = this.tracker.url.replace(/\/$/, "");
	}

	async #make(size) {
		const token = randomBytes(24).toString("base64url");
		const edgeToken = randomBytes(24).toString("base64url");
		const site = (id) => ({ "web-origins": [originOf(id)], "content-origins": [originOf(id)] });
		const settings = {
			sites: Object.fromEntries(SITES.map((id) => [id, site(id)])),
			tokens: [
				{ token, role: "publish", site: this.site },
				{ token: edgeToken, role: "edge", site: this.site },
			],
		};
		await writeFile(join(this.folder, "tracker.yaml"), JSON.stringify(settings), { mode: 0o600 });
		this.edgeToken = edgeToken;
		this.keys = Array.from({ length: size.edges }, () =>
			generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }),
		);
		await this.#publish(size.contents, token);
		await this.#fill();
		this.contents = size.contents;
		const { edgeToken: secret, keys, contents } = this;
		await writeFile(join(this.folder, "made.json"), JSON.stringify({ edgeToken: secret, keys, contents }), {
			mode: 0o600,
		});
	}

	async #publish(contents, token) {
		say(`publishing ${contents} files`);
		const dir = join(this.folder, "content");
		for (let i = 0; i < contents; i++) {
			const within = join(dir, `volume-${Math.floor(i / PER_FOLDER)}`);
			if (i % PER_FOLDER === 0) await mkdir(within, { recursive: true });
			await writeFile(join(within, `picture-${String(i % PER_FOLDER).padStart(2, "0")}.jpg`), randomBytes(FILE_BYTES));
		}
		await this.#run();
		try {
			const baseUrl = `${this.origin}/archive/`;
			await publish({ tracker: this.tracker.url, token, site: this.site, baseUrl, dir });
		} finally {
			await this.tracker.stop();
		}
	}

	/** The Java that knows how figures are kept writes 90 days of them. */
	async #fill() {
		say("filling in 90 days");
		const classes = join(this.folder, "classes");
		await mkdir(classes, { recursive: true });
		const source = fileURLToPath(new URL(FILLER, import.meta.url));
		await run("javac", ["-nowarn", "-cp", trackerJar, "-d", classes, source]);
		const edges = join(this.folder, "edges.txt");
		await writeFile(edges, this.keys.map(fingerprintOf).join("\n"));
		const program = ["-cp", `${classes}:${trackerJar}`, "dev.rivulet.tracker.history.FilledHistory"];
		await run("java", [...program, this.#data, SITES.join(), edges]);
	}

	/** What operators leave behind, by their API. */
	async #furnish() {
		say("banning, blocking and the like");
		const ticket = /#setup=(\S+)/.exec(this.tracker.log)?.[1];
		await this.ask("POST", "setup", { ticket, ...OPERATOR });
		for (let i = 0; i < OF_OTHERS; i++) {
			await this.ask("POST", "operators", { name: `operator-${i}`, role: ["viewer", "operator", "owner"][i % 3] });
			await this.ask("POST", "api-tokens", { name: `script-${i}`, scope: "viewer" });
			await this.ask("POST", "edge-tokens", { site: this.site, index: false, note: `Volunteer ${i}` });
			await this.ask("POST", "publish-tokens", { site: this.site, note: `Build ${i}` });
			await this.ask("POST", "bans", { peer: randomBytes(32).toString("base64url"), reason: "It sent wrong pieces" });
			await this.ask("POST", `sites/${this.site}/blocks`, {
				url: `${this.origin}/taken-down/${i}.jpg`,
				reason: "Somebody else's picture",
				reference: `2026-${100 + i}`,
			});
		}
	}

	/** Asks the API with the secret of those who can read the data directory. */
	async ask(method, path, body) {
		const secret = (await readFile(join(this.#data, "operator"), "utf8")).split("\n")[1];
		const response = await fetch(`${this.url}/api/v1/${path}`, {
			method,
			// A set-up link is its own proof.
			headers: {
				...(body && { "Content-Type": "application/json" }),
				...(path !== "setup" && { Authorization: `Bearer ${secret}` }),
			},
			...(body && { body: JSON.stringify(body) }),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		return response.json();
	}
}
