// Raw data channels: what the platform itself carries, with nothing of Rivulet in the way.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { openPage } from "../harness/chromium.mjs";
import { metered } from "../harness/cpu.mjs";
import { compiled } from "../harness/java.mjs";

/** Payload of one message, as in a block (docs/protocol.md, 6.1). */
export const MESSAGE_BYTES = 32768;

const MAIN = "dev.rivulet.bench.raw.RawSender";

/** The JVM that sends: one process for all runs, as an edge is; a connection per run. */
export class JvmSender {
	#child;
	#lines;
	#log = "";

	static async start(file, bufferBytes, scope) {
		return new JvmSender(await compiled("raw", scope), file, bufferBytes, scope);
	}

	constructor(classPath, file, bufferBytes, scope, ...more) {
		const args = ["-cp", classPath, MAIN, file, String(MESSAGE_BYTES), String(bufferBytes), ...more];
		this.#child = spawn("java", args, { stdio: ["pipe", "pipe", "pipe"] });
		this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.#log += text));
		this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
		const ended = new Promise((resolve) => this.#child.once("close", resolve));
		scope.onClose(async () => {
			this.#child.stdin.end();
			const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
			await ended;
			clearTimeout(timer);
		});
	}

	get pid() {
		return this.#child.pid;
	}

	async answer(offer, id = 0) {
		this.#child.stdin.write(`${JSON.stringify({ id, offer })}\n`);
		const { value, done } = await this.#lines.next();
		if (done) throw new Error(`the raw sender ended:\n${this.#log}`);
		return JSON.parse(value).answer;
	}

	release(id = 0) {
		this.#child.stdin.write(`${JSON.stringify({ id, close: true })}\n`);
	}
}

/** One run JVM -> page. */
export function rawFromJvm({ scope, sender, site, size }) {
	return scope.within(async (run) => {
		const receiver = await openPage(site.pageUrl("plain"), run);
		await receiver.page.evaluate(defineReceiver);
		const answer = await sender.answer(await receiver.page.evaluate("rawReceiver.offer()"));
		run.onClose(async () => sender.release());
		return await receive(sender, receiver, answer, size);
	});
}

/** One run page -> page, each in a browser process of its own. */
export function rawFromPage({ scope, site, size, bufferBytes }) {
	return scope.within(async (run) => {
		const sender = await openPage(site.pageUrl("plain"), run);
		const receiver = await openPage(site.pageUrl("plain"), run);
		await receiver.page.evaluate(defineReceiver);
		await sender.page.evaluate(defineSender);
		await sender.page.evaluate(`rawSender.load(${JSON.stringify(site.fileUrl)})`);
		const offer = await receiver.page.evaluate("rawReceiver.offer()");
		const answer = await sender.page.evaluate(
			`rawSender.answer(${JSON.stringify(offer)}, ${MESSAGE_BYTES}, ${bufferBytes})`,
		);
		return await receive(sender, receiver, answer, size);
	});
}

function receive(sender, receiver, answer, size) {
	return metered([sender.pid, receiver.pid], () =>
		receiver.page.evaluate(`rawReceiver.receive(${JSON.stringify(answer)}, ${size})`),
	);
}

// What follows runs in the pages.

function defineReceiver() {
	const HEADER_BYTES = 8;
	const peer = new RTCPeerConnection();
	const channel = peer.createDataChannel("blocks", { negotiated: true, id: 1, ordered: false });
	channel.binaryType = "arraybuffer";

	const gathered = new Promise((resolve) => {
		peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && resolve();
	});
	const open = new Promise((resolve, reject) => {
		channel.onopen = resolve;
		channel.onclose = () => reject(new Error("the channel closed"));
	});
	open.catch(() => {});

	globalThis.rawReceiver = {
		/** Offers once all candidates are gathered, so that one exchange suffices. */
		async offer() {
			await peer.setLocalDescription();
			await gathered;
			return peer.localDescription.sdp;
		},

		/** Times from asking to the last byte; hashes afterwards. */
		async receive(answer, size) {
			await peer.setRemoteDescription({ type: "answer", sdp: answer });
			await open;
			const messages = [];
			let received = 0;
			const done = new Promise((resolve, reject) => {
				channel.onmessage = ({ data }) => {
					messages.push(data);
					received += data.byteLength - HEADER_BYTES;
					if (received >= size) resolve();
				};
				channel.onclose = () => reject(new Error(`the channel closed after ${received} bytes`));
			});
			const from = performance.now();
			channel.send("go");
			await done;
			const ms = performance.now() - from;
			const whole = new Uint8Array(size);
			for (const data of messages) whole.set(new Uint8Array(data, HEADER_BYTES), new DataView(data).getUint32(4));
			const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
			return { ms, bytes: received, sha256: Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("") };
		},
	};
}

function defineSender() {
	const HEADER_BYTES = 8;
	let file;
	globalThis.rawSender = {
		async load(url) {
			file = new Uint8Array(await (await fetch(url)).arrayBuffer());
		},

		async answer(offer, messageBytes, bufferBytes) {
			const peer = new RTCPeerConnection();
			globalThis.rawPeer = peer; // keeps it from being collected
			const channel = peer.createDataChannel("blocks", { negotiated: true, id: 1, ordered: false });
			channel.bufferedAmountLowThreshold = bufferBytes / 2;
			channel.onmessage = async () => {
				for (let offset = 0; offset < file.length; offset += messageBytes) {
					const payload = file.subarray(offset, offset + messageBytes);
					const message = new Uint8Array(HEADER_BYTES + payload.length);
					new DataView(message.buffer).setUint32(4, offset);
					message.set(payload, HEADER_BYTES);
					if (channel.bufferedAmount + message.length > bufferBytes)
						await new Promise((resolve) => {
							channel.onbufferedamountlow = resolve;
						});
					channel.send(message);
				}
			};
			const gathered = new Promise((resolve) => {
				peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && resolve();
			});
			await peer.setRemoteDescription({ type: "offer", sdp: offer });
			await peer.setLocalDescription();
			await gathered;
			return peer.localDescription.sdp;
		},
	};
}
