import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client } from "./client.ts";

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal("location", new URL("https://site.example/"));
	vi.stubGlobal("isSecureContext", true);
	vi.stubGlobal("navigator", { userAgent: "" });
	const head = { append() {} };
	vi.stubGlobal("document", { readyState: "complete", createElement: () => ({}), head });
	vi.stubGlobal("__RIVULET_ENGINE_INTEGRITY__", "");
	for (const name of ["RTCPeerConnection", "indexedDB", "WebSocket"]) vi.stubGlobal(name, class {});
	vi.stubGlobal(
		"PerformanceObserver",
		class {
			observe() {}
		},
	);
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test("a start whose engine's script does not come is waited for three seconds, and requests go to the network", async () => {
	vi.stubGlobal("fetch", async () => new Response("of the network"));
	const client = new Client({ tracker: "https://tracker.example/", site: "demo" });
	let isStarted = false;
	void client.started.then(() => {
		isStarted = true;
	});

	await vi.advanceTimersByTimeAsync(2900);
	expect(isStarted).toBe(false);
	expect(await (await client.fetch("https://site.example/a")).text()).toBe("of the network");
	await vi.advanceTimersByTimeAsync(100);
	expect(isStarted).toBe(true);
});
