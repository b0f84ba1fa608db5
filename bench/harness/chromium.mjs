// Chromium for the benchmarks: a process with a profile of its own, ended with the run.
import { launch } from "puppeteer-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--autoplay-policy=no-user-gesture-required",
];

/** Longest that one command to a browser may take, milliseconds: a page answers when its film is over. */
const PROTOCOL_MS = 10 * 60_000;

/** Starts a browser process, with these flags besides the usual ones. */
export async function launchChromium(scope, flags = []) {
	const browser = await launch({
		executablePath: EXECUTABLE,
		headless: true,
		args: [...FLAGS, ...flags],
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
	const browser = await launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });
	try {
		return await browser.version();
	} finally {
		await browser.close();
	}
}
