// The measured origin, as the benchmark orders it about.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("origin/main.mjs", import.meta.url));

export class Origin {
	#child;
	#orders = 0;

	static async start(scope) {
		const origin = new Origin();
		origin.#child = fork(MAIN);
		scope.onClose(async () => {
			if (origin.#child.exitCode !== null) return;
			const ended = once(origin.#child, "exit");
			origin.#child.disconnect();
			await ended;
		});
		const [{ port }] = await once(origin.#child, "message");
		origin.url = `http://127.0.0.1:${port}`;
		return origin;
	}

	/** Serves the files of a folder below `/content/`. */
	serve(folder) {
		this.#child.send({ serve: { folder } });
	}

	set({ bitsPerSecond, latencyMs }) {
		this.#child.send({ set: { bitsPerSecond, latencyMs } });
	}

	/** What was served since it was last asked: rows of asker, path, requests, bytes of bodies, aborted responses. */
	async take() {
		const id = ++this.#orders;
		const taken = new Promise((resolve) => {
			const listen = ({ taken, rows }) => {
				if (taken !== id) return;
				this.#child.off("message", listen);
				resolve(rows);
			};
			this.#child.on("message", listen);
		});
		this.#child.send({ take: id });
		return await taken;
	}
}
