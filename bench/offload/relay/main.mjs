// Distance between visitors of one machine: a process that stands between them and passes their packets on later, or not.
// `GET /?to=ADDRESS:PORT&link=NAME` answers with the address at which packets for `to` are taken; what comes back takes
// the same way. Several places of one link share its rate.
import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import { Path } from "./path.mjs";

/**
 * Links by the first part of their name (`slow-3` is a `slow` one): delay each way, milliseconds; share of packets lost each
 * way; bytes/s there; bytes after which nothing but small packets gets there.
 */
const LINKS = {
	far: { delayMs: 15 },
	lossy: { delayMs: 15, lossShare: 0.01 },
	slow: { bytesPerSecond: 500_000 },
	sound: {},
	stalling: { stallsAfterBytes: 2_000_000 },
};
/** What the system may keep for a socket while this process is busy, bytes: more than a data channel has under way. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Sockets in all; beyond, nothing new is relayed. */
const MAX_SOCKETS = 4000;

const links = new Map();
const fronts = new Map();
let sockets = 0;

function linkOf(name) {
	if (!links.has(name)) links.set(name, new Path(LINKS[name.split("-", 1)[0]]));
	return links.get(name);
}

function after(ms, act) {
	if (ms > 0) setTimeout(act, ms);
	else act();
}

async function socketAt(address) {
	if (++sockets > MAX_SOCKETS) throw new Error("too many sockets");
	const socket = createSocket("udp4");
	// a visitor who has left answers no more
	socket.on("error", () => {});
	await new Promise((resolve) => socket.bind(0, address, resolve));
	socket.setRecvBufferSize(BUFFER_BYTES);
	return socket;
}

async function openFront(address, port, link) {
	const front = await socketAt(address);
	const backs = new Map();
	const back = async (source) => {
		const socket = await socketAt(address);
		socket.on("message", (packet) => {
			if (link.loses()) return;
			after(link.delayMs, () => front.send(packet, source.port, source.address));
		});
		return socket;
	};
	front.on("message", async (packet, source) => {
		const ms = link.wait(packet.length, performance.now());
		if (ms === null) return;
		const key = `${source.address}:${source.port}`;
		if (!backs.has(key)) backs.set(key, back(source));
		const socket = await backs.get(key).catch(() => null);
		after(ms, () => socket?.send(packet, port, address));
	});
	return `${address}:${front.address().port}`;
}

const server = createServer(async (request, response) => {
	const { searchParams } = new URL(request.url, "http://relay.invalid");
	const [, address, port] = /^([\d.]+):(\d+)$/.exec(searchParams.get("to")) ?? [];
	const name = searchParams.get("link") ?? "";
	const headers = { "access-control-allow-origin": "*", "cache-control": "no-store" };
	if (!address || !LINKS[name.split("-", 1)[0]]) return void response.writeHead(400, headers).end();
	const key = `${name} ${address}:${port}`;
	if (!fronts.has(key)) fronts.set(key, openFront(address, Number(port), linkOf(name)));
	try {
		response.writeHead(200, headers).end(await fronts.get(key));
	} catch (error) {
		response.writeHead(503, headers).end(String(error));
	}
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
// However the benchmark ends, its relay ends with it.
process.on("disconnect", () => process.exit(0));
