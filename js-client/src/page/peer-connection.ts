import type { Bytes } from "../protocol/bytes.ts";
import { CONNECT_SECONDS, MAX_SEND_BUFFER_BYTES } from "../protocol/limits.ts";
import type { Candidate, SignalBody } from "../protocol/messages.ts";
import type { LinkEnds, SignalledLink } from "./peer-link.ts";

/** A connection that says it is disconnected may come back for so long. */
const DISCONNECTED_MS = 5000;
/** How long what was sent last may take to leave. */
const LINGER_MS = 200;
/** Messages that may come before both channels are open: the other side may have them open earlier. */
const MAX_EARLY_MESSAGES = 64;

/** A link over WebRTC (docs/protocol.md §6): the only place that knows `RTCPeerConnection`. */
export class PeerConnection implements SignalledLink {
	readonly #ends: LinkEnds;
	readonly #connection: RTCPeerConnection;
	readonly #control: RTCDataChannel;
	readonly #blocks: RTCDataChannel;
	/** Candidates that came before the description they belong to. */
	readonly #early: Candidate[] = [];
	/** Messages that came before both channels were open. */
	readonly #unheeded: (() => void)[] = [];
	/** Descriptions and candidates are taken one after the other. */
	#turn: Promise<void> = Promise.resolve();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#opened = false;
	#closed = false;

	constructor(ends: LinkEnds) {
		this.#ends = ends;
		const iceServers = ends.ice.map((server) => ({ ...server, urls: [...server.urls] }));
		const connection = new RTCPeerConnection({ iceServers });
		this.#connection = connection;
		this.#control = connection.createDataChannel("control", { negotiated: true, id: 0 });
		this.#blocks = connection.createDataChannel("blocks", { negotiated: true, id: 1, ordered: false });
		this.#blocks.binaryType = "arraybuffer";
		this.#blocks.bufferedAmountLowThreshold = MAX_SEND_BUFFER_BYTES / 2;
		this.#listen();
		this.#endAfter(CONNECT_SECONDS * 1000);
		if (ends.offers) this.#inTurn(() => this.#describe());
	}

	get bufferedBytes(): number {
		return this.#blocks.bufferedAmount;
	}

	sendControl(text: string): void {
		if (this.#control.readyState === "open") this.#try(() => this.#control.send(text));
	}

	sendBlock(bytes: Bytes): void {
		if (this.#blocks.readyState === "open") this.#try(() => this.#blocks.send(bytes));
	}

	close(atOnce = false): void {
		if (this.#closed) return;
		this.#finish();
		const { readyState, bufferedAmount } = this.#control;
		// what is buffered would be dropped
		if (readyState === "open" && bufferedAmount && !atOnce) setTimeout(() => this.#connection.close(), LINGER_MS);
		else this.#connection.close();
	}

	receive(body: SignalBody): void {
		if ("close" in body) this.#end();
		else if ("candidate" in body) this.#inTurn(() => this.#addCandidate(body.candidate));
		else if ("offer" in body) this.#inTurn(() => this.#accept({ type: "offer", sdp: body.offer }));
		else this.#inTurn(() => this.#accept({ type: "answer", sdp: body.answer }));
	}

	#listen(): void {
		const { listener, signal } = this.#ends;
		const connection = this.#connection;
		connection.onicecandidate = ({ candidate }) => {
			if (this.#closed) return;
			const { sdpMid, sdpMLineIndex } = candidate ?? {};
			signal({
				candidate: {
					candidate: candidate?.candidate ?? "",
					...(sdpMid && { sdpMid }),
					...(sdpMLineIndex != null && { sdpMLineIndex }),
				},
			});
		};
		connection.onconnectionstatechange = () => {
			const state = connection.connectionState;
			if (state === "failed" || state === "closed") this.#end();
			else if (state === "disconnected") this.#endAfter(DISCONNECTED_MS);
			else if (state === "connected" && this.#isOpen()) clearTimeout(this.#timer);
		};
		for (const channel of [this.#control, this.#blocks]) {
			channel.onopen = () => this.#open();
			channel.onclose = () => this.#end();
		}
		this.#control.onmessage = ({ data }: MessageEvent<unknown>) => {
			this.#heed(() => (typeof data === "string" ? listener.control(data) : this.#end()));
		};
		this.#blocks.onmessage = ({ data }: MessageEvent<unknown>) => {
			this.#heed(() => (data instanceof ArrayBuffer ? listener.block(data) : this.#end()));
		};
		this.#blocks.onbufferedamountlow = () => {
			if (!this.#closed) listener.drained();
		};
	}

	#open(): void {
		if (this.#closed || this.#opened || !this.#isOpen()) return;
		clearTimeout(this.#timer);
		this.#opened = true;
		this.#ends.listener.opened();
		for (const act of this.#unheeded.splice(0)) this.#heed(act);
	}

	/** Firefox may deliver what came on one channel before it says that the other is open. */
	#heed(act: () => void): void {
		if (this.#closed) return;
		if (this.#opened) act();
		else if (this.#unheeded.push(act) > MAX_EARLY_MESSAGES) this.#end();
	}

	#isOpen(): boolean {
		return this.#control.readyState === "open" && this.#blocks.readyState === "open";
	}

	async #describe(): Promise<void> {
		await this.#connection.setLocalDescription();
		const { type, sdp = "" } = this.#connection.localDescription ?? {};
		if (!this.#closed) this.#ends.signal(type === "offer" ? { offer: sdp } : { answer: sdp });
	}

	async #accept(description: RTCSessionDescriptionInit): Promise<void> {
		await this.#connection.setRemoteDescription(description);
		for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
		if (description.type === "offer") await this.#describe();
	}

	async #addCandidate(candidate: Candidate): Promise<void> {
		if (!this.#connection.remoteDescription) {
			this.#early.push(candidate);
			return;
		}
		// An address that this browser cannot parse is one less to try.
		if (candidate.candidate) await this.#connection.addIceCandidate(candidate).catch(() => {});
	}

	/** What the other side sends may be nonsense to the browser, and the connection may be closed meanwhile: then it ends. */
	#inTurn(act: () => Promise<void>): void {
		this.#turn = this.#turn.then(() => (this.#closed ? undefined : act())).catch(() => this.#end());
	}

	#try(act: () => void): void {
		try {
			act();
		} catch {
			this.#end(); // the channel failed while it was open
		}
	}

	#endAfter(ms: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#end(), ms);
	}

	#finish(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#ends.listener.closed();
	}

	#end(): void {
		if (this.#closed) return;
		this.#finish();
		this.#connection.close();
	}
}
