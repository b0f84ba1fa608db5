import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
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
