/** A peer of our own making that speaks docs/protocol.md and misbehaves. Runs in a page that has no Rivulet of its own. */

/** `wrong` sends other bytes, `stall` accepts requests and sends nothing, `leave` sends half a piece and is gone. */
export type Mischief = "wrong" | "stall" | "leave";

export interface HostileOptions {
	readonly tracker: string;
	readonly site: string;
	readonly content: string;
	readonly size: number;
	readonly mischief: Mischief;
}

/** What it was asked and did; `window.__hostile` of its page. */
export interface HostileState {
	joined: boolean;
	requests: number;
	blocks: number;
	connections: number;
	/** Codes of `close` messages it was sent. */
	closed: number[];
}

/** Self-contained: it is evaluated in the page. */
export function hostilePeer({ tracker, site, content, size, mischief }: HostileOptions): void {
	const BLOCK = 32768;
	const PIECE = 262144;
	const state: HostileState = { joined: false, requests: 0, blocks: 0, connections: 0, closed: [] };
	(globalThis as unknown as { __hostile: HostileState }).__hostile = state;
	const links = new Map<string, RTCPeerConnection>();
	const waiting = new Map<string, RTCIceCandidateInit[]>();
	const socket = new WebSocket(tracker.replace(/^http/, "ws"), "rivulet.v1");
	const say = (message: object) => socket.send(JSON.stringify(message));

	socket.onopen = () => say({ type: "hello", site, role: "page", agent: "hostile/1", features: [] });
	socket.onmessage = ({ data }) => {
		const message = JSON.parse(data as string);
		if (message.type === "welcome") {
			say({ type: "announce", have: [content], drop: [], groups: ["/"], slots: 8 });
			state.joined = true;
		}
		if (message.type === "signal") void signal(message);
	};

	async function signal(message: {
		from: string;
		session: string;
		offer?: string;
		candidate?: RTCIceCandidateInit;
	}): Promise<void> {
		const key = `${message.from} ${message.session}`;
		if (message.offer) {
			const connection = new RTCPeerConnection();
			links.set(key, connection);
			state.connections += 1;
			serve(connection);
			connection.onicecandidate = ({ candidate }) =>
				say({
					type: "signal",
					to: message.from,
					session: message.session,
					candidate: candidate
						? { candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex }
						: { candidate: "" },
				});
			await connection.setRemoteDescription({ type: "offer", sdp: message.offer });
			for (const early of waiting.get(key) ?? []) await connection.addIceCandidate(early);
			const answer = await connection.createAnswer();
			await connection.setLocalDescription(answer);
			say({ type: "signal", to: message.from, session: message.session, answer: answer.sdp });
		} else if (message.candidate?.candidate) {
			const connection = links.get(key);
			if (connection?.remoteDescription) await connection.addIceCandidate(message.candidate);
			else waiting.set(key, [...(waiting.get(key) ?? []), message.candidate]);
		}
	}

	function serve(connection: RTCPeerConnection): void {
		const control = connection.createDataChannel("control", { negotiated: true, id: 0 });
		const blocks = connection.createDataChannel("blocks", { negotiated: true, id: 1, ordered: false });
		control.onopen = () =>
			control.send(
				JSON.stringify({
					...{ type: "hello", version: 1, agent: "hostile/1", features: [] },
					...{ outstanding: 64, credit: 16777216 },
				}),
			);
		control.onmessage = ({ data }) => {
			const message = JSON.parse(data as string);
			if (message.type === "want" && !message.stop && message.contents.includes(content))
				control.send(JSON.stringify({ type: "have", content, complete: true }));
			if (message.type === "ping" && !message.reply) control.send(JSON.stringify({ ...message, reply: true }));
			if (message.type === "close") state.closed.push(message.code);
			if (message.type === "request") {
				state.requests += 1;
				answer(connection, blocks, message);
			}
		};
	}

	function answer(
		connection: RTCPeerConnection,
		blocks: RTCDataChannel,
		request: { id: number; piece: number; begin?: number; length?: number },
	): void {
		if (mischief === "stall") return;
		const begin = request.begin ?? 0;
		const length = request.length ?? Math.min(PIECE, size - request.piece * PIECE) - begin;
		const sent = mischief === "leave" ? length / 2 : length;
		for (let offset = 0; offset < sent; offset += BLOCK) {
			const payload = Math.min(BLOCK, length - offset);
			const frame = new Uint8Array(8 + payload).fill(0x5a, 8);
			const view = new DataView(frame.buffer);
			view.setUint32(0, request.id);
			view.setUint32(4, offset);
			blocks.send(frame);
			state.blocks += 1;
		}
		if (mischief === "leave") setTimeout(() => connection.close(), 20);
	}
}
