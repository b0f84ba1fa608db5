import { directWires, type EngineOptions, type EngineWire, type PageWire, type ToPage } from "../engine/messages.ts";

/** The script that the engine is in, beside this one. */
export const ENGINE_SCRIPT = "rivulet-sw.js";

/** Starting an engine takes as much of the machine as a player's start: it comes after that, if this does not take longer. */
const SCRIPTS_MS = 500;

/** An engine that says nothing for so long is not there. */
const BOOT_MS = 10_000;

/** A running engine. */
export interface EngineHost {
	readonly wire: PageWire;
	/** Whether it runs on the page's main thread. */
	readonly inPage: boolean;
	/** Ends it at once. */
	end(): void;
}

/**
 * Firefox (153) does not tell the network that a worker's fetch was aborted when a service worker controls it: what nobody waits
 * for any more would be sent all the same. Its main thread bears an engine well.
 */
const workersCannotAbort = (): boolean => navigator.userAgent.includes("Firefox/");

/** What an engine is started with. */
export interface Start {
	/** Of its script. Of another build than this one's it is not run: what pins this script pins that one. */
	readonly url: string;
	/** Of the page's content security policy. */
	readonly nonce: string;
	/** What it is told first: a worker finds them when its script runs, however busy the page is by then. */
	readonly options: EngineOptions;
	/** When it is aborted before an engine runs, none does. */
	readonly signal: AbortSignal;
	/** Takes what it says. */
	heed(message: ToPage): void;
}

/**
 * Starts an engine: in a worker where the browser hands data channels to workers and the page's policy allows a worker, else in
 * the page. Rejects when neither can be.
 */
export async function startEngine(start: Start): Promise<EngineHost> {
	const script = workersCannotAbort() ? null : load(start.url);
	await scriptsRan();
	start.signal.throwIfAborted();
	return (await inWorker(start, await script)) || (await inPage(start));
}

/** The worker's script, which is on its way while the page's own run; null where it cannot be had so. */
async function load(url: string): Promise<Blob | null> {
	try {
		const response = await fetch(url, { integrity: __RIVULET_ENGINE_INTEGRITY__, priority: "low" });
		return await response.blob();
	} catch {
		return null; // the page's policy; a script's tag may be allowed more
	}
}

async function inWorker({ options, heed }: Start, script: Blob | null): Promise<EngineHost | null> {
	if (!script) return null;
	let worker: Worker | undefined;
	try {
		// scripts of other origins are not taken for workers; what a blob holds is of the page's
		const code = URL.createObjectURL(script);
		const made = new Worker(code);
		worker = made;
		tell(made, options);
		await isUp(made);
		listen(made, heed);
		URL.revokeObjectURL(code);
		return { wire: made, inPage: false, end: () => made.terminate() };
	} catch {
		worker?.terminate();
		return null; // the page's policy, or a browser that hands no channels to workers
	}
}

/** Resolves when the scripts that the page came with have run, or that takes long. */
function scriptsRan(): Promise<unknown> | undefined {
	if (document.readyState !== "loading") return;
	return new Promise((resolve) => {
		setTimeout(resolve, SCRIPTS_MS);
		addEventListener("DOMContentLoaded", resolve, { once: true });
	});
}

const tell = (wire: PageWire, options: EngineOptions) => wire.postMessage({ type: "start", options }, []);

function listen(wire: PageWire, heed: Start["heed"]): void {
	wire.onmessage = ({ data }) => heed(data);
}

/** Rejects when it does not run, or can do nothing. */
function isUp(worker: Worker): Promise<void> {
	return new Promise((resolve, reject) => {
		setTimeout(reject, BOOT_MS);
		worker.onerror = reject;
		worker.onmessage = ({ data }: MessageEvent<ToPage>) => (data.type === "up" && data.channels ? resolve() : reject());
	});
}

async function inPage({ url, nonce, options, heed, signal }: Start): Promise<EngineHost> {
	const script = document.createElement("script");
	await new Promise((resolve, reject) => {
		Object.assign(script, {
			src: url,
			nonce,
			crossOrigin: "anonymous",
			integrity: __RIVULET_ENGINE_INTEGRITY__,
			onload: resolve,
			onerror: () => reject(new TypeError(`Rivulet: ${url} cannot be loaded`)),
		});
		document.head.append(script);
	});
	// such an engine cannot be ended from here
	signal.throwIfAborted();
	const { page, engine } = directWires();
	(globalThis as unknown as { rivuletEngine(wire: EngineWire): void }).rivuletEngine(engine);
	listen(page, heed);
	tell(page, options);
	return { wire: page, inPage: true, end: () => {} };
}
