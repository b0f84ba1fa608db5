import { networkInterfaces } from "node:os";
import { afterEach, expect, test } from "vitest";
import { Stack } from "../fixture/stack.ts";
import { type BrowserName, Visitor } from "../fixture/visitor.ts";

const PATIENCE_MS = 60_000;

/** An address of this machine that other programs of it can be met at over WebRTC. */
const address = Object.values(networkInterfaces())
	.flat()
	.find((each) => each && each.family === "IPv4" && !each.internal)?.address;
/** Nobody answers there; what matters is that browsers are told. */
const turn = { urls: [`turn:${address}:3478`], username: "somebody", credential: "secret" };

let stack: Stack;
afterEach(() => stack?.close());

test.each<BrowserName>(["chromium", "firefox"])("%s learns its address from the tracker", async (browser) => {
	stack = await Stack.start({ listen: `${address}:0`, settings: { "ice-servers": [turn] } });
	await stack.addEdge();
	const visitor = await Visitor.arrive(stack, 1, { browser, before: RECORD });

	await visitor.open();
	await visitor.neighbour("edge");

	const servers = (await visitor.page.evaluate("globalThis.iceServers")) as (typeof turn)[];
	expect(servers[0]?.urls[0]).toMatch(new RegExp(`^stun:${address}:[0-9]+$`));
	expect(servers[1]).toEqual(turn);
	const gathered = await visitor.page.evaluate(gather, servers[0]?.urls[0] ?? "", PATIENCE_MS);
	expect(gathered.errors).toEqual([]);
	expect(gathered.addresses).toContain(address);
});

/** Remembers what the client tells WebRTC. */
const RECORD = `
	const Plain = RTCPeerConnection;
	globalThis.RTCPeerConnection = class extends Plain {
		constructor(configuration) {
			super(configuration);
			globalThis.iceServers = configuration.iceServers;
		}
	};`;

/** In the page: the addresses that a STUN server alone could tell, since browsers hide their own. */
async function gather(url: string, patienceMs: number): Promise<{ addresses: (string | null)[]; errors: string[] }> {
	const connection = new RTCPeerConnection({ iceServers: [{ urls: [url] }] });
	const addresses: (string | null)[] = [];
	const errors: string[] = [];
	connection.createDataChannel("any");
	connection.onicecandidateerror = ({ errorCode, errorText }) => errors.push(`${errorCode} ${errorText}`);
	const found = new Promise<void>((resolve) => {
		connection.onicecandidate = ({ candidate }) => {
			if (candidate?.type !== "srflx") return;
			addresses.push(candidate.address);
			resolve();
		};
		setTimeout(resolve, patienceMs);
	});
	await connection.setLocalDescription();
	await found;
	connection.close();
	return { addresses, errors };
}
