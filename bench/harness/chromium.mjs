// Chromium for the benchmarks: a process with a profile of its own, ended with the run.
import { launch } from "puppeteer-core";
import { CHROMIUM_FLAGS } from "../../e2e/fixture/chromium-flags.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Longest that one command to a browser may take, milliseconds: a page answers when its film is over. */
const PROTOCOL_MS = 10 * 60_000;

/** Starts a browser process, with these flags besides the usual ones. */
export async function launchChromium(scope, flags = []) {
	const browser = await launch({
		executablePath: EXECUTABLE,
		headless: true,
		args: [...CHROMIUM_FLAGS, ...flags],
		protocolTimeout: PROTOCOL_MS,
	});
	scope.onClose(() => browser.close());
	return browser;
}

/** Opens `url` in a new browser process; the page's errors end up in `errors`. */
export async function openPage(url, scope) {
	const browser = await launchChromium(scope);
	const page = await browser.newPage();
	const errors = [];
	page.on("pageerror", (error) => errors.push(String(error)));
	await page.goto(url, { waitUntil: "load" });
	return { page, errors, pid: browser.process().pid };
}

export async function chromiumVersion() {
	const browser = await launch({ executablePath: EXECUTABLE, headless: true, args: CHROMIUM_FLAGS });
	try {
		return await browser.version();
	} finally {
		await browser.close();
	}
}
