import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectOverTls, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { Stack } from "../fixture/stack.ts";

const PATIENCE_MS = 60_000;
const PASSWORD = "of-the-tests";
const run = promisify(execFile);

let folder: string;
let stack: Stack | undefined;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "rivulet-tls-"));
});
afterEach(async () => {
	await stack?.close();
	stack = undefined;
	await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);

/** A certificate and its key; of itself, unless more says whose. */
async function certify(name: string, subject: string, ...more: string[]): Promise<void> {
	const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at(`${name}.key`)];
	await run("openssl", ["req", "-x509", ...key, "-out", at(`${name}.pem`), "-subj", subject, "-days", "2", ...more]);
}

/** A connection that stays open until it is ended, with what the tracker shows there. */
async function connect(url: string): Promise<{ socket: TLSSocket; shown: string }> {
	const { hostname, port } = new URL(url);
	const socket = connectOverTls({ host: hostname, port: Number(port), ca: await readFile(at("authority.pem")) });
	await once(socket, "secureConnect");
	onTestFinished(() => void socket.destroy());
	return { socket, shown: socket.getPeerX509Certificate()?.fingerprint256 ?? "" };
}

/** First line of the answer that comes over that connection. */
async function asked(socket: TLSSocket): Promise<string> {
	socket.write("GET /healthz HTTP/1.1\r\nHost: tracker\r\n\r\n");
	const [answer] = (await once(socket, "data")) as [Buffer];
	return answer.toString("latin1").split("\r\n")[0] ?? "";
}

const fingerprintOf = async (name: string) => new X509Certificate(await readFile(at(`${name}.pem`))).fingerprint256;

test("a certificate put in place of another is shown to whoever connects, and nobody loses a connection", async () => {
	await certify("authority", "/CN=Authority of the tests");
	const signed = ["-CA", at("authority.pem"), "-CAkey", at("authority.key"), "-addext", "subjectAltName=IP:127.0.0.1"];
	await certify("tracker", "/CN=tracker", ...signed);
	await certify("renewed", "/CN=tracker", ...signed);
	stack = await Stack.start({
		publish: false,
		settings: { "tls-certificate": at("tracker.pem"), "tls-key": at("tracker.key") },
	});
	const { url, pid } = stack.tracker;
	const before = await connect(url);
	expect(before.shown).toBe(await fingerprintOf("tracker"));
	expect(await asked(before.socket)).toBe("HTTP/1.1 200 OK");

	await copyFile(at("renewed.pem"), at("tracker.pem"));
	await copyFile(at("renewed.key"), at("tracker.key"));

	const renewed = await fingerprintOf("renewed");
	await expect.poll(async () => (await connect(url)).shown, { timeout: PATIENCE_MS, interval: 500 }).toBe(renewed);
	expect(await asked(before.socket)).toBe("HTTP/1.1 200 OK");
	expect(before.socket.destroyed).toBe(false);
	expect(stack.tracker.pid).toBe(pid);
});

test("an edge that knows the operator's authority is signalled over TLS", async () => {
	await certify("authority", "/CN=Authority of the tests");
	const signer = ["-CA", at("authority.pem"), "-CAkey", at("authority.key")];
	await certify("tracker", "/CN=tracker", ...signer, "-addext", "subjectAltName=IP:127.0.0.1");
	const store = ["-keystore", at("trust.p12"), "-storepass", PASSWORD];
	await run("keytool", ["-importcert", "-noprompt", "-alias", "authority", "-file", at("authority.pem"), ...store]);

	stack = await Stack.start({
		publish: false,
		settings: { "tls-certificate": at("tracker.pem"), "tls-key": at("tracker.key") },
	});
	expect(stack.tracker.url).toMatch(/^https:/);
	const trust = `-Djavax.net.ssl.trustStore=${at("trust.p12")} -Djavax.net.ssl.trustStorePassword=${PASSWORD}`;
	const edge = await stack.addEdge({ env: { JAVA_TOOL_OPTIONS: trust } });

	const fingerprint = /this edge is (\S{43})/.exec(edge.log)?.[1] ?? "none";
	await expect.poll(() => stack?.tracker.log, { timeout: PATIENCE_MS }).toContain(`enrolled edge ${fingerprint}`);
});
