// `./rivulet demo`: an origin, a tracker and one edge on this machine, and a site to look at.
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeContent } from "./media.mjs";
import { startOrigin } from "./origin.mjs";
import { publish, startEdge, startTracker, trackerCommand } from "./stack.mjs";

const ORIGIN_PORT = 8080;
const TRACKER_PORT = 7070;
const EDGE_PORT = 7080;
const SITE = "demo";

const data = join(dirname(fileURLToPath(import.meta.url)), "..", "data", "demo");
const contentOrigin = `http://127.0.0.1:${ORIGIN_PORT}`;
const say = (text) => console.log(text);

/** The tracker's configuration; YAML is a superset of JSON. */
function trackerConfig(token) {
	return {
		sites: {
			[SITE]: {
				"web-origins": [contentOrigin, `http://localhost:${ORIGIN_PORT}`, `http://*.localhost:${ORIGIN_PORT}`],
				"content-origins": [contentOrigin],
				include: ["/content/**"],
				"index-threshold": 1,
				"open-edges": true,
			},
		},
		tokens: [{ token, role: "publish", site: SITE }],
	};
}

const running = [];
let stopping = false;
async function stop(code) {
	if (stopping) return;
	stopping = true;
	for (const part of running.reverse()) await (part.stop ?? part.close).call(part);
	process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));

try {
	say("Making the content (the first time takes about a minute) …");
	const contentDir = await makeContent((what) => say(`  ${what}`));

	// The demo begins anew each time: the origin's figures start at nothing, and so should the others'.
	await rm(data, { recursive: true, force: true });
	await mkdir(data, { recursive: true });
	const token = randomBytes(24).toString("base64url");
	const config = join(data, "tracker.yaml");
	await writeFile(config, JSON.stringify(trackerConfig(token), null, 2), { mode: 0o600 });

	say("Starting the tracker …");
	const tracker = await startTracker({ listen: `127.0.0.1:${TRACKER_PORT}`, data: join(data, "tracker"), config });
	running.push(tracker);
	const snippet = (
		await trackerCommand(
			"snippet",
			"--site",
			SITE,
			"--data",
			join(data, "tracker"),
			"--config",
			config,
			"--tracker",
			tracker.url,
		)
	).trim();

	say("Starting the origin …");
	const origin = await startOrigin({ port: ORIGIN_PORT, contentDir, embed: { snippet, trackerUrl: tracker.url } });
	running.push(origin);

	say("Publishing the content …");
	await publish({ tracker: tracker.url, token, site: SITE, baseUrl: `${origin.url}/content/`, dir: contentDir });

	say("Starting the edge …");
	const edge = await startEdge({
		tracker: tracker.url,
		site: SITE,
		data: join(data, "edge"),
		http: `127.0.0.1:${EDGE_PORT}`,
	});
	running.push(edge);
	for (const program of [tracker, edge])
		program.exited.then(({ code, signal }) => {
			if (stopping) return;
			console.error(
				`The ${program.name} ended unexpectedly (${signal ?? code}). Its last words:\n${program.log.slice(-2000)}`,
			);
			void stop(1);
		});

	const link = (await trackerCommand("admin", "setup-link", "--data", join(data, "tracker"))).match(
		/http\S+#setup=[\w-]+/,
	);

	say(`
  Open      http://visitor-1.localhost:${ORIGIN_PORT}/
  and then  http://visitor-2.localhost:${ORIGIN_PORT}/   (another visitor: own storage, own service worker)
  Play the film or fetch the big file in the first, then in the second, and watch the panel.

  What the origin served   ${origin.url}/__origin/stats
  Tracker                  ${tracker.url}
  Dashboard                ${link?.[0] ?? `${tracker.url}/dashboard`}
  Edge                     ${edge.url}

  Ctrl-C ends it all.`);
} catch (error) {
	console.error(
		error.code === "EADDRINUSE"
			? `Port ${error.port} is taken: end what uses it and start the demo again.`
			: error.message,
	);
	await stop(1);
}
