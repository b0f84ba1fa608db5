import { execFile, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { SITE, Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

const run = promisify(execFile);
const PATIENCE = { timeout: 60_000 };
/** What an operator is given. */
const DOCS = fileURLToPath(new URL("../../docs/operate", import.meta.url));

let stack: Stack;
afterEach(() => stack?.close());

test("a real Prometheus reads tracker and edge; names, rules and dashboard fit what it reads", async () => {
	stack = await Stack.start();
	const edge = await stack.addEdge();
	await expect.poll(() => statusOf(edge.log), PATIENCE).not.toBe("");
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	const [, token] = (await readFile(join(stack.folder, "tracker", "operator"), "utf8")).split("\n");
	const targets = { tracker: new URL(stack.tracker.url).host, edge: new URL(statusOf(edge.log)).host };

	const open = await fetch(`http://${targets.tracker}/metrics`);
	expect(open.status).toBe(401);
	const texts = await Promise.all([
		text(`http://${targets.tracker}/metrics`, token),
		text(`http://${targets.edge}/metrics`),
	]);
	for (const each of texts) expect(await promtool(["check", "metrics"], each)).toBe("");
	expect(await promtool(["check", "rules", join(DOCS, "alerts.yml")])).toContain("SUCCESS");
	expect(await promtool(["check", "config", "--syntax-only", join(DOCS, "prometheus.yml")])).toContain("SUCCESS");

	const prometheus = await startPrometheus(token ?? "", targets);
	const up = async () => (await prometheus.query("up == 1")).map(({ metric }) => metric.job).sort();
	await expect.poll(up, PATIENCE).toEqual(["rivulet-edge", "rivulet-tracker"]);
	const pages = `rivulet_tracker_peers{site="${SITE}",role="page"}`;
	await expect.poll(async () => (await prometheus.query(pages))[0]?.value[1], PATIENCE).toBe("1");
	const known = new Set(await prometheus.names());
	expect(unknownIn(await readFile(join(DOCS, "alerts.yml"), "utf8"), known)).toEqual([]);
	expect(unknownIn(await readFile(join(DOCS, "grafana-dashboard.json"), "utf8"), known)).toEqual([]);
	for (const expression of await dashboard()) await prometheus.query(expression);
	expect((await prometheus.rules()).length).toBeGreaterThan(0);
});

const statusOf = (log: string) => /status at (http:\/\/\S+)/.exec(log)?.[1] ?? "";

async function text(url: string, token?: string): Promise<string> {
	const response = await fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {});
	expect(response.status).toBe(200);
	return response.text();
}

/** What it complains of, or says. */
async function promtool(args: string[], input?: string): Promise<string> {
	const done = run("promtool", args);
	if (input !== undefined) done.child.stdin?.end(input);
	const { stdout, stderr } = await done.catch(
		(error: Error & { stdout: string; stderr: string }) => error, // it ends with 3 where it complains
	);
	return stdout + stderr;
}

/** Our metrics that a text names and nobody has. */
function unknownIn(source: string, known: ReadonlySet<string>): string[] {
	return [...new Set(source.match(/\b(?:rivulet_(?:tracker|edge)|jvm)_[a-z_]+\b/g))].filter((name) => !known.has(name));
}

/** The queries of the dashboard, for all sites. */
async function dashboard(): Promise<string[]> {
	const { panels } = JSON.parse(await readFile(join(DOCS, "grafana-dashboard.json"), "utf8")) as {
		panels: { targets: { expr: string }[] }[];
	};
	return panels.flatMap(({ targets }) =>
		targets.map(({ expr }) => expr.replaceAll("$site", ".*").replaceAll("$__rate_interval", "1m")),
	);
}

interface Sample {
	readonly metric: { readonly job?: string };
	readonly value: readonly [number, string];
}

/** Prometheus with the configuration that operators are given, but for addresses and pace; ends with the stack. */
async function startPrometheus(token: string, targets: { tracker: string; edge: string }) {
	const config = (await readFile(join(DOCS, "prometheus.yml"), "utf8"))
		.replace("scrape_interval: 15s", "scrape_interval: 1s")
		.replace("alerts.yml", join(DOCS, "alerts.yml"))
		.replace("tracker-token", join(stack.folder, "tracker-token"))
		.replace("127.0.0.1:7070", targets.tracker)
		.replace("127.0.0.1:7081", targets.edge);
	const file = join(stack.folder, "prometheus.yml");
	await writeFile(file, config);
	await writeFile(join(stack.folder, "tracker-token"), token);
	// it does not say which port it chose, so it is given one that was free just now
	const listen = `127.0.0.1:${await freePort()}`;
	const child = spawn(
		"prometheus",
		[
			`--config.file=${file}`,
			`--storage.tsdb.path=${join(stack.folder, "prometheus")}`,
			`--web.listen-address=${listen}`,
		],
		{ stdio: ["ignore", "ignore", "pipe"] },
	);
	let log = "";
	child.stderr.on("data", (chunk) => {
		log += chunk;
	});
	const ended = new Promise((resolve) => child.once("close", resolve));
	stack.onClose(async () => {
		child.kill();
		await ended;
	});
	const api = `http://${listen}/api/v1/`;
	const ask = async <T>(path: string): Promise<T> => {
		const response = await fetch(api + path);
		const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
		if (status !== "success") throw new Error(`${path}: ${error}`);
		return data;
	};
	const ready = () => fetch(`http://${listen}/-/ready`).then(({ status }) => status, String);
	await expect.poll(ready, { ...PATIENCE, message: log }).toBe(200);
	return {
		query: async (expression: string) =>
			(await ask<{ result: Sample[] }>(`query?query=${encodeURIComponent(expression)}`)).result,
		names: () => ask<string[]>("label/__name__/values"),
		rules: async () => (await ask<{ groups: { rules: object[] }[] }>("rules")).groups.flatMap(({ rules }) => rules),
	};
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() =>
				typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
			);
		});
	});
}
