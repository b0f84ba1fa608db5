import { Client, type StartOptions } from "./client.ts";

/** Runs the client in a page: by itself when the script's tag names a site. */
export function startPage(): void {
	const script = document.currentScript;
	window.Rivulet = { start };
	if (!(script instanceof HTMLScriptElement)) return;
	const folder = new URL(".", script.src).href;
	const { site, key, tracker = folder, uploadRate, uploadLimit } = script.dataset;
	if (!site) return;
	const caps = {
		...(uploadRate && { uploadRate: Number(uploadRate) }),
		...(uploadLimit && { uploadLimit: Number(uploadLimit) }),
	};
	start({ tracker, site, ...(key && { key }), ...caps, engine: folder, nonce: script.nonce }).catch(
		(error: unknown) => {
			// what the page's author wrote is wrong; the page works as without us
			console.info(String(error));
		},
	);
}

async function start(options: StartOptions): Promise<Client> {
	const client = new Client(options);
	window.Rivulet = { start, client };
	await client.started;
	window.rivulet = client;
	document.dispatchEvent(new Event("rivulet:ready"));
	return client;
}
