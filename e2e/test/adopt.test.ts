import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { contentDir } from "../../demo-site/media.mjs";
import { catalogEntry } from "../fixture/catalog.ts";
import { sha256OfFile } from "../fixture/hash.ts";
import { Stack } from "../fixture/stack.ts";
import { type BrowserName, Visitor } from "../fixture/visitor.ts";

/** Plates that the site's page itself does not load. */
const PLATES = ["gallery/the-whole.jpg", "gallery/satellite.jpg", "gallery/harbour.jpg"];
/** How long the first visitor may take to offer what its browser had loaded, milliseconds. */
const ADOPTED_MS = 60_000;

/** The page asks for the plates before anything of Rivulet's is there. */
const LOAD_PLATES = PLATES.map((plate) => `new Image().src = "/content/${plate}";`).join("\n");

let stack: Stack;
afterEach(() => stack?.close());

interface Load {
	readonly url: string;
	readonly throughWorker: boolean;
}

/** What the page has loaded so far of the site's content. */
const loads = (visitor: Visitor): Promise<Load[]> =>
	visitor.page.evaluate(() =>
		(performance.getEntriesByType("resource") as PerformanceResourceTiming[]).map(({ name, workerStart }) => ({
			url: name,
			throughWorker: workerStart > 0,
		})),
	);

/** Content ids that the visitor's page has told its tracker it holds. */
async function announced(visitor: Visitor): Promise<Set<string>> {
	await visitor.wire.drain(visitor.page);
	const held = new Set<string>();
	for (const { speaker, text } of visitor.wire.messages) {
		const message = JSON.parse(text) as { type: string; have?: string[] };
		if (speaker === "client" && message.type === "announce")
			for (const content of message.have ?? []) held.add(content);
	}
	return held;
}

/** Times and bytes that browsers were served a plate by the origin. */
const served = (plate: string) => stack.origin.stats().paths[`/content/${plate}`]?.["browser"];

/** Bytes of content that browsers were served by the origin. */
const servedContent = () =>
	Object.entries(stack.origin.stats().paths).reduce(
		(sum, [path, by]) => sum + (path.startsWith("/content/") ? (by["browser"]?.bytes ?? 0) : 0),
		0,
	);

test.each<BrowserName>(["chromium", "firefox"])(
	"what a first visit (%s) loaded before it was controlled, the next visitor has from it",
	async (browser) => {
		let originIsDown = false;
		stack = await Stack.start({
			intercept({ url }, response) {
				if (!originIsDown || !PLATES.some((plate) => url === `/content/${plate}`)) return false;
				response.writeHead(503, { "access-control-allow-origin": "*" }).end();
				return true;
			},
		});
		// the browser tells only pages of the content's own origin what its cache holds
		const home = `${stack.origin.url}/`;
		const urls = PLATES.map((plate) => `${stack.contentUrl}/${plate}`);
		const first = await Visitor.arrive(stack, 1, { browser, before: LOAD_PLATES });
		await first.open(home);
		const entries = await Promise.all(urls.map((url) => catalogEntry(stack.tracker.url, url)));
		await expect
			.poll(() => announced(first), { timeout: ADOPTED_MS })
			.toSatisfy((held: Set<string>) => entries.every(({ content }) => held.has(content)));
		const loaded = await loads(first);
		for (const url of urls) expect(loaded).toContainEqual({ url, throughWorker: false });
		expect(PLATES.map(served)).toEqual(entries.map(({ size }) => ({ requests: 1, bytes: size })));
		// what nobody had a chance to give is the origin's all the same
		await expect.poll(async () => (await first.stats()).bytes.origin).toBe(servedContent());

		const second = await Visitor.arrive(stack, 2, { browser });
		await second.open(home);
		await second.neighbour("page");
		originIsDown = true; // else a slow machine has it help with what is late
		for (const [index, plate] of PLATES.entries()) {
			const download = await second.download(urls[index] ?? "");
			expect(download).toMatchObject({ status: 200, sha256: await sha256OfFile(join(contentDir, plate)) });
		}

		const total = entries.reduce((sum, { size }) => sum + size, 0);
		expect((await second.stats()).bytes.peers).toBeGreaterThanOrEqual(total);
		expect((await first.stats()).bytes.uploaded).toBeGreaterThanOrEqual(total);
	},
);
