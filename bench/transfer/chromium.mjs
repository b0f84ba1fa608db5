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
];

/** Opens `url` in a new browser process; the page's errors end up in `errors`. */
export async function openPage(url, scope) {
	const browser = await launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });
	scope.onClose(() => browser.close());
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
