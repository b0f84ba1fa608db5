// The measured origin, as the benchmark orders it about.
import { startChild } from "./child.mjs";

export class Origin {
	#child;
	#orders = 0;

	static async start(scope) {
		const origin = new Origin();
		const { child, url } = await startChild("origin/main.mjs", scope);
		origin.#child = child;
		origin.url = url;
		return origin;
	}

	/** Serves the files of a folder below `/content/`. */
	serve(folder) {
		this.#child.send({ serve: { folder } });
	}

	/** Makes a live stream of files that it serves (origin/live.mjs). */
	live(stream) {
		this.#child.send({ live: stream });
	}

	set({ bitsPerSecond, latencyMs }) {
		this.#child.send({ set: { bitsPerSecond, latencyMs } });
	}

	/**
	 * What was served since it was last asked: rows of asker, visitor (from 1; 0: not a visitor's page), path, requests,
	 * bytes of bodies, aborted responses, and when the last of the bytes left, milliseconds since the epoch.
	 */
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
