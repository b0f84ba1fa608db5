import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { contentDir } from "../../demo-site/media.mjs";
import { sha256OfFile } from "../fixture/hash.ts";
import { Stack } from "../fixture/stack.ts";
import { Visitor, type VisitorOptions } from "../fixture/visitor.ts";

const FILE = "esbuild.wasm";

let stack: Stack;
afterEach(() => stack?.close());

/** The site does all it is there for: file right, film and clip playing, a plate shown, no error in the page. */
async function expectSiteWorks(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.click("#download");
	const hash = await page.waitForSelector("#download-status[data-sha256]");
	expect(await hash?.evaluate((status) => (status as HTMLElement).dataset["sha256"])).toBe(
		await sha256OfFile(join(contentDir, FILE)),
	);
	for (const id of ["film", "clip"]) {
		const played = await page.evaluate(async (which: string) => {
			const video = document.getElementById(which) as HTMLVideoElement;
			video.muted = true;
			video.play().catch(() => {}); // hls.js attaches at the first play, which that interrupts
			const end = performance.now() + 60_000;
			while (video.currentTime < 1 && performance.now() < end) await new Promise((done) => setTimeout(done, 100));
			video.pause();
			return { time: video.currentTime, error: video.error?.message };
		}, id);
		expect(played.error).toBeUndefined();
		expect(played.time).toBeGreaterThanOrEqual(1);
	}
	await page.click(".gallery button");
	await page.waitForFunction("document.getElementById('plate-image').naturalWidth === 1920");
	expect(visitor.errors).toEqual([]);
}

async function visit(options: VisitorOptions = {}, prepare: (visitor: Visitor) => Promise<void> = async () => {}) {
	const visitor = await Visitor.arrive(stack, 1, options);
	await prepare(visitor);
	await visitor.openPlain();
	return visitor;
}

test("with rivulet.js blocked", async () => {
	stack = await Stack.start();
	const visitor = await visit({}, async ({ page }) => {
		await page.setRequestInterception(true);
		page.on("request", (request) => {
			if (request.url().startsWith(stack.tracker.url)) void request.abort("blockedbyclient");
			else void request.continue();
		});
	});

	expect(await visitor.page.evaluate("typeof window.rivulet")).toBe("undefined");
	await expectSiteWorks(visitor);
});

test("with the tracker unreachable", async () => {
	stack = await Stack.start();
	await stack.tracker.stop();

	await expectSiteWorks(await visit());
});

test("in Firefox without WebRTC", async () => {
	stack = await Stack.start();
	const visitor = await visit({ browser: "firefox", preferences: { "media.peerconnection.enabled": false } });

	expect(await visitor.page.evaluate("typeof RTCPeerConnection")).toBe("undefined");
	await expectSiteWorks(visitor);
});

test("in Chromium whose WebRTC never connects, with another visitor and an edge there", async () => {
	stack = await Stack.start();
	await stack.addEdge();
	const other = await Visitor.arrive(stack, 2);
	await other.open();
	await other.download(`${stack.contentUrl}/${FILE}`);
	const visitor = await visit({ args: ["--webrtc-ip-handling-policy=disable_non_proxied_udp"] });
	await visitor.page.waitForFunction("window.rivulet");

	await expectSiteWorks(visitor);
	expect((await visitor.stats()).peers.filter(({ state }) => state === "connected")).toEqual([]);
});

test("without a service worker", async () => {
	stack = await Stack.start();
	const visitor = await visit({ before: "delete Navigator.prototype.serviceWorker" });

	expect(await visitor.page.evaluate("'serviceWorker' in navigator")).toBe(false);
	await visitor.page.waitForFunction("window.rivulet");
	await expectSiteWorks(visitor);
});

test("on a site without the file of the service worker", async () => {
	stack = await Stack.start({
		intercept(request, response) {
			if (request.url !== "/rivulet-sw.js") return false;
			response.writeHead(404, { "content-type": "text/html" }).end("<p>not here</p>");
			return true;
		},
	});
	const visitor = await visit();

	await visitor.page.waitForFunction("window.rivulet");
	await expectSiteWorks(visitor);
	expect(await visitor.page.evaluate("navigator.serviceWorker.controller")).toBeNull();
	// What the page itself asks Rivulet for still comes through it, once the catalog is there.
	const verified = async () => {
		await visitor.download(`${stack.contentUrl}/${FILE}`);
		return (await visitor.stats()).pieces.verified;
	};
	await expect.poll(verified).toBeGreaterThan(0);
});

test("in an insecure context", async () => {
	const address = Object.values(networkInterfaces())
		.flat()
		.find((candidate) => candidate?.family === "IPv4" && !candidate.internal)?.address;
	if (!address) throw new Error("this machine has no address but loopback: give it a network interface");
	stack = await Stack.start({ host: address });
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.page.goto(`${stack.origin.url}/`);

	expect(await visitor.page.evaluate("isSecureContext")).toBe(false);
	await visitor.page.click("#download");
	await visitor.page.waitForSelector("#download-status[data-sha256]");
	expect(await visitor.page.$eval("#download-status", (status) => status.textContent)).toMatch(/^14\.0 MB in/);
	expect(visitor.errors).toEqual([]);
});

test("for an origin without CORS the page works as without Rivulet", async () => {
	stack = await Stack.start({
		publish: false,
		intercept(request, response) {
			if (request.url !== "/content/plain.svg") return false;
			response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "public, max-age=600" });
			response.end('<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"/>');
			return true;
		},
	});
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	const url = `${stack.contentUrl}/plain.svg`;

	for (let visit = 0; visit < 3; visit++) {
		const width = await visitor.page.evaluate(async (src: string) => {
			const image = new Image();
			image.src = src;
			await image.decode();
			return image.naturalWidth;
		}, url);
		expect(width).toBe(7);
		const failed = await visitor.page.evaluate((src: string) => fetch(src).then(() => "", String), url);
		expect(failed).toContain("TypeError");
	}
});
