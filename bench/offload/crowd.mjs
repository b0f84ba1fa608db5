// Visitors: a browser process each, and for every run a context of its own, so that nothing is left from the last one.
import { setTimeout as wait } from "node:timers/promises";
import { launchChromium } from "../harness/chromium.mjs";
import { deadline } from "../harness/scope.mjs";
import { endTrace, longestTaskCpu, startTrace } from "./main-thread.mjs";

/** How long a page may take to be loaded, milliseconds. */
const LOAD_MS = 30_000;
/** How long an earlier page may take until its service worker answers, milliseconds. */
const INSTALL_MS = 30_000;
/** How long two pages may take to be connected to each other, milliseconds. */
const MEET_MS = 30_000;
/** How long a page that is late may take to say how far it has come, milliseconds. */
const STATE_MS = 2000;
/** Browsers that are started at once. */
const STARTED_AT_ONCE = 2;

/** Browser processes that outlive single runs: their start is not what is measured. */
export class Crowd {
	#browsers = [];
	#scope;
	#flags;

	/** `flags`: of the command line, besides the usual ones. */
	constructor(scope, flags = []) {
		this.#scope = scope;
		this.#flags = flags;
	}

	async grow(count) {
		while (this.#browsers.length < count) {
			const some = Math.min(STARTED_AT_ONCE, count - this.#browsers.length);
			this.#browsers.push(
				...(await Promise.all(Array.from({ length: some }, () => launchChromium(this.#scope, this.#flags)))),
			);
		}
	}

	/** Visitor `n` of a run. */
	async visitor(n, run) {
		const context = await this.#browsers[n].createBrowserContext();
		run.onClose(() => context.close());
		return new Visitor(n, await context.newPage());
	}
}

export class Visitor {
	errors = [];

	constructor(n, page) {
		this.n = n;
		this.page = page;
		page.on("pageerror", (error) => this.errors.push(String(error)));
	}

	/** Visits a page and leaves it; waits for its service worker where it installs one. */
	async visitBefore(url, installs) {
		await this.page.goto(url, { waitUntil: "load", timeout: LOAD_MS });
		if (installs)
			await this.page.waitForFunction("globalThis.rivulet && navigator.serviceWorker.controller", {
				timeout: INSTALL_MS,
				polling: 50,
			});
		await this.page.goto("about:blank");
	}

	/** Opens a page that has Rivulet's tag, until it is connected to another visitor. */
	async meet(url) {
		await this.page.goto(url, { waitUntil: "load", timeout: LOAD_MS });
		await this.page.waitForFunction("globalThis.rivulet?.stats().peers.some(({ state }) => state === 'connected')", {
			timeout: MEET_MS,
			polling: 50,
		});
	}

	trace() {
		return startTrace(this.page);
	}

	/** Since `trace`: processor time of its main thread's longest task while bytes came, milliseconds; NaN where it says nothing. */
	async longestTaskCpu() {
		return longestTaskCpu(await endTrace(this.page).catch(() => []));
	}

	/** Opens a page and resolves with its `outcome`; leaves it `staysMs` after arriving, where that is given. */
	async visit(url, { limitMs, staysMs }) {
		const work = async () => {
			const leaves = staysMs === undefined ? undefined : wait(staysMs);
			await this.page.goto(url, { waitUntil: "domcontentloaded", timeout: LOAD_MS });
			await this.page.waitForFunction("globalThis.outcome !== undefined", { timeout: LOAD_MS, polling: 100 });
			await leaves;
			const outcome = await this.page.evaluate(
				leaves ? "globalThis.leave(), globalThis.outcome" : "globalThis.outcome",
			);
			if (leaves) await this.page.close();
			return outcome;
		};
		try {
			return await deadline(limitMs, `visitor ${this.n + 1}`, work());
		} catch (error) {
			return { error: [error.message, ...this.errors, await this.#state()].join(" ") };
		}
	}

	/** What the page says of how far it has come. */
	async #state() {
		const asked = this.page.evaluate("JSON.stringify(globalThis.progress?.() ?? null)");
		return await deadline(STATE_MS, "its state", asked).catch((error) => error.message);
	}
}
