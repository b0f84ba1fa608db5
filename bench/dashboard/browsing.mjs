// An operator's browser: opens views, and notes when what they show is on the screen.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launchChromium } from "../harness/chromium.mjs";
import { say } from "../harness/program.mjs";
import { deadline } from "../harness/scope.mjs";

/** The longest that a view may take before the run fails. */
const PATIENCE_MS = 30_000;
const WIDTHS = [400, 1400];
const HEIGHT = 900;

/** Runs in the page: resolves with the milliseconds since navigation after which everything of `shows` was painted. */
function painted(shows) {
	const there = () =>
		!document.querySelector("main")?.textContent.includes("Loading…") &&
		Object.entries(shows).every(([selector, least]) => document.querySelectorAll(selector).length >= least);
	return new Promise((resolve) => {
		const look = () => {
			// The frame that was being made when it was there ends before the next task.
			if (there()) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
			else requestAnimationFrame(look);
		};
		look();
	});
}

/** Runs in the page: what was asked of the API so far. */
function asked() {
	return performance
		.getEntriesByType("resource")
		.filter(({ name }) => name.includes("/api/v1/") && !name.includes("/live"))
		.map(({ name, duration, decodedBodySize }) => ({
			path: decodeURIComponent(name.slice(name.indexOf("/api/v1/") + 8)),
			ms: duration,
			bytes: decodedBodySize,
		}));
}

export class Browsing {
	#old;
	#browser;

	static async signIn(old, scope) {
		const browsing = new Browsing();
		browsing.#old = old;
		browsing.#browser = await launchChromium(scope);
		await browsing.#inTab(async (page) => {
			await page.goto(`${old.url}/dashboard`);
			await page.locator('input[name="name"]').fill(old.operator.name);
			await page.locator('input[name="password"]').fill(old.operator.password);
			await page.locator('button[type="submit"]').click();
			await page.waitForSelector(".tile");
		});
		return browsing;
	}

	version() {
		return this.#browser.version();
	}

	async #inTab(work, width = WIDTHS.at(-1)) {
		const page = await this.#browser.newPage();
		try {
			page.setDefaultTimeout(PATIENCE_MS);
			await page.setViewport({ width, height: HEIGHT });
			return await work(page);
		} finally {
			await page.close();
		}
	}

	/** Opens a view in a tab that is new; resolves with when it was painted. */
	async #open(page, { hash, shows }) {
		await page.goto(`${this.#old.url}/dashboard#/${hash}`, { waitUntil: "domcontentloaded" });
		try {
			return await deadline(PATIENCE_MS, hash, page.evaluate(painted, shows));
		} catch (error) {
			throw new Error(`${error.message}; there is: ${await counts(page, shows)}`);
		}
	}

	/** Opens each view so many times, one after the other, so that the same view is not opened twice in a row. */
	async measure(views, times) {
		const seen = views.map(({ name }) => ({ name, ms: [], asked: [] }));
		for (let turn = 0; turn < times; turn++) {
			for (const [i, view] of views.entries()) {
				await this.#inTab(async (page) => {
					seen[i].ms.push(await this.#open(page, view));
					seen[i].asked.push(...(await page.evaluate(asked)));
				});
			}
		}
		return seen;
	}

	/** Writes a picture of each view in each look, and lists what axe-core finds serious. */
	async pictures(views, folder) {
		const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
		const found = [];
		for (const view of views) {
			say(view.name);
			for (const value of ["light", "dark"]) {
				for (const width of WIDTHS) {
					const look = async (page) => {
						await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
						await this.#open(page, view);
						const wide = await page.evaluate(() => document.documentElement.scrollWidth);
						if (wide > width) found.push(`${view.name}, ${width}: ${wide} wide`);
						for (const violation of await violations(page, axe))
							found.push(`${view.name}, ${value}, ${width}: ${violation}`);
						const file = `${view.name.replace(/[ ,]+/g, "-")}-${value}-${width}.png`;
						await page.screenshot({ path: join(folder, file), fullPage: true });
					};
					await this.#inTab(look, width);
				}
			}
		}
		return { text: found.join("\n") || "axe-core finds nothing serious", failed: found.length > 0 };
	}
}

async function violations(page, axe) {
	await page.evaluate(axe);
	const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
	return found.violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

const counts = (page, shows) =>
	page.evaluate(
		(wanted) =>
			Object.entries(wanted)
				.map(([selector, least]) => `${document.querySelectorAll(selector).length} of ${least} ${selector}`)
				.join(", "),
		shows,
	);
