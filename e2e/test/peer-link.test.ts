import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, launch, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peerLinkContract } from "../../js-client/test/contract/peer-link.ts";
import { CHROMIUM_FLAGS } from "../fixture/chromium-flags.mjs";
import { EXECUTABLE } from "../fixture/visitor.ts";

const clientFolder = fileURLToPath(new URL("../../js-client/", import.meta.url));

/** The contract and the link under test, as a script that a page runs. */
async function bundle(): Promise<string> {
	const { outputFiles } = await build({
		stdin: {
			contents: `
				import { ChannelLinks } from "./src/engine/channel-link.ts";
				import { directWires } from "./src/engine/messages.ts";
				import { PeerConnections } from "./src/page/peer-connection.ts";
				import { peerLinkContract } from "./test/contract/peer-link.ts";
				const { page, engine } = directWires();
				const links = new ChannelLinks((message) => engine.postMessage(message, []));
				const connections = new PeerConnections((message, transfer = []) => page.postMessage(message, transfer));
				engine.onmessage = ({ data }) => links.heed(data);
				page.onmessage = ({ data }) => connections.heed(data);
				window.runContract = (name) => peerLinkContract.find((one) => one.name === name).run((ends) => links.make(ends));
			`,
			resolveDir: clientFolder,
		},
		bundle: true,
		write: false,
		format: "iife",
		define: { __RIVULET_VERSION__: '"test"' },
	});
	return outputFiles[0]?.text ?? "";
}

/** What in-memory links are tested against in js-client, holds for real ones. */
describe.each(["chromium", "firefox"] as const)("a link over WebRTC in %s", (name) => {
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		browser = await launch({
			browser: name === "firefox" ? "firefox" : "chrome",
			executablePath: EXECUTABLE[name],
			headless: true,
			args: name === "chromium" ? [...CHROMIUM_FLAGS] : [],
		});
		page = await browser.newPage();
		await page.evaluate(await bundle());
	});
	afterAll(() => browser?.close());

	test.each(peerLinkContract.map((one) => one.name))("%s", async (one) => {
		const failure = await page.evaluate(async (which: string) => {
			try {
				await (globalThis as unknown as { runContract(name: string): Promise<void> }).runContract(which);
				return null;
			} catch (error) {
				return String(error);
			}
		}, one);

		expect(failure).toBeNull();
	});
});
