/** For how long an entry is waited for, and when it is looked whether one that was not waited for has come since, milliseconds. */
export const COMES_MS = 1500;
const LOOK_MS = 100;
/** Who has less time than this has none to spare, milliseconds. */
const SPARE_MS = 1500;
/** Folders remembered. */
const MAX_FOLDERS = 64;

const folderOf = (url: string): string => url.slice(0, url.lastIndexOf("/"));

/**
 * Entries that are on their way: the tracker indexes what visitors ask for, and segments of live streams as they appear. In
 * folders where it is quick at that, a reader with time to spare waits for the entry rather than ask the origin.
 */
export class ComingEntries {
	/** Whether there is an entry of a URL. */
	readonly #isThere: (url: string) => Promise<boolean>;
	readonly #quick = new Set<string>();

	constructor(isThere: (url: string) => Promise<boolean>) {
		this.#isThere = isThere;
	}

	/** Whether `url`, which has no entry, gets one while its reader can wait. */
	async comes(url: string, dueMs: () => number, signal: AbortSignal): Promise<boolean> {
		const folder = folderOf(url);
		if (this.#quick.has(folder)) {
			for (let waitedMs = 0; waitedMs < COMES_MS && dueMs() > SPARE_MS && !signal.aborted; waitedMs += LOOK_MS) {
				await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
				if (await this.#isThere(url)) return true;
			}
		}
		setTimeout(() => void this.#learn(url, folder), COMES_MS);
		return false;
	}

	async #learn(url: string, folder: string): Promise<void> {
		if (!(await this.#isThere(url))) this.#quick.delete(folder);
		else if (this.#quick.size < MAX_FOLDERS) this.#quick.add(folder);
	}
}
