import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { documented } from "../fixture/documented.ts";
import { sha256 } from "../fixture/hash.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { type BrowserName, Visitor } from "../fixture/visitor.ts";

const FILE = "a.bin";
const BYTES = randomBytes(1_000_000);
/** What the documentation tells sites with a policy to allow. */
const DOCUMENTED = documented("Content Security Policy");

let content: string;
let stack: Stack;

beforeAll(async () => {
	content = await mkdtemp(join(tmpdir(), "rivulet-policy-"));
	await writeFile(join(content, FILE), BYTES);
});
afterEach(() => stack?.close());
afterAll(() => rm(content, { recursive: true, force: true }));

/** The documented policy, for the hosts of this test. */
function policy(): string {
	const { host, origin } = new URL(stack.tracker.url);
	return DOCUMENTED.replaceAll("https://tracker.example", origin)
		.replaceAll("wss://tracker.example", `ws://${host}`)
		.replaceAll("https://content.example", stack.origin.url)
		.replace(/\s+/g, " ");
}

describe.each<BrowserName>(["chromium", "firefox"])("under the documented policy, in %s", (browser) => {
	test("the client works as without one, its service worker included", { timeout: 120_000 }, async () => {
		stack = await Stack.start({
			content,
			intercept: (request, response) => {
				if (request.url !== "/strict.html") return false;
				const headers = {
					"content-type": "text/html",
					"content-security-policy": `default-src 'none'; img-src 'self'; ${policy()}`,
				};
				const tag = `<script src="${stack.tracker.url}/rivulet.js" data-site="${SITE}" async></script>`;
				response.writeHead(200, headers).end(`<!doctype html><title>strict</title>${tag}`);
				return true;
			},
		});
		const visitor = await Visitor.arrive(stack, 1, {
			browser,
			before: `window.violations = [];
				addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
					violations.push(violatedDirective + " " + blockedURI));`,
		});
		const { page } = visitor;
		await page.goto(stack.pageUrl(1, "/strict.html"));
		await page.waitForFunction("window.rivulet?.catalog === 'known'");

		expect(await visitor.download(`${stack.contentUrl}/${FILE}`)).toMatchObject({ status: 200, sha256: sha256(BYTES) });
		expect((await visitor.stats()).bytes.origin).toBe(BYTES.length);
		await expect.poll(() => page.evaluate("navigator.serviceWorker.getRegistration().then(Boolean)")).toBe(true);
		expect(await page.evaluate("violations")).toEqual([]);
		await visitor.leave();
	});
});
