import type { ToEngine, ToPage } from "../engine/messages.ts";
import type { Candidate, IceServer, SignalBody } from "../protocol/messages.ts";

/** A connection that says it is disconnected may come back for so long. */
const DISCONNECTED_MS = 5000;

type Tell = (message: ToEngine, transfer?: Transferable[]) => void;

/** The connections of this page, as the engine wants them: the only place that knows `RTCPeerConnection`. */
export class PeerConnections {
	readonly #tell: Tell;
	readonly #connections = new Map<number, PeerConnection>();

	/** @param tell tells the engine */
	constructor(tell: Tell) {
		this.#tell = tell;
	}

	heed(message: Extract<ToPage, { readonly link: number }>): void {
		const { link } = message;
		if (message.type === "connect") this.#connect(link, message.ice, message.offers);
		else if (message.type === "signal") this.#connections.get(link)?.receive(message.body);
		else this.#close(link);
	}

	/** Closes all at once: the page goes, and connections left open would keep it out of the back/forward cache. */
	close(): void {
		for (const link of [...this.#connections.keys()]) this.#close(link);
	}

	#connect(link: number, ice: readonly IceServer[], offers: boolean): void {
		try {
			this.#connections.set(link, new PeerConnection(link, ice, offers, this.#tell));
		} catch {
			this.#tell({ type: "lost", link }); // the browser makes no more connections, or none with these ICE servers
		}
	}

	#close(link: number): void {
		this.#connections.get(link)?.close();
		this.#connections.delete(link);
	}
}

/** One connection, whose channels are the engine's. */
class PeerConnection {
	readonly #link: number;
	readonly #tell: Tell;
	readonly #connection: RTCPeerConnection;
	/** Candidates that came before the description they belong to. */
	readonly #early: Candidate[] = [];
	/** Descriptions and candidates are taken one after the other. */
	#turn: Promise<void> = Promise.resolve();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#closed = false;

	constructor(link: number, ice: readonly IceServer[], offers: boolean, tell: Tell) {
		this.#link = link;
		this.#tell = tell;
		const iceServers = ice.map((server) => ({ ...server, urls: [...server.urls] }));
		const connection = new RTCPeerConnection({ iceServers });
		this.#connection = connection;
		const control = connection.createDataChannel("control", { negotiated: true, id: 0 });
		const blocks = connection.createDataChannel("blocks", { negotiated: true, id: 1, ordered: false });
		tell({ type: "channels", link, control, blocks }, [control, blocks]);
		connection.onicecandidate = ({ candidate }) => {
			const { sdpMid, sdpMLineIndex } = candidate ?? {};
			this.#signal({
				candidate: {
					candidate: candidate?.candidate ?? "",
					...(sdpMid && { sdpMid }),
					...(sdpMLineIndex != null && { sdpMLineIndex }),
				},
			});
		};
		connection.onconnectionstatechange = () => {
			const { connectionState: state } = connection;
			clearTimeout(this.#timer);
			if (state === "failed" || state === "closed") this.#lost();
			else if (state === "disconnected") this.#timer = setTimeout(() => this.#lost(), DISCONNECTED_MS);
		};
		if (offers) this.#inTurn(() => this.#describe());
	}

	receive(body: SignalBody): void {
		if ("candidate" in body) this.#inTurn(() => this.#addCandidate(body.candidate));
		else if ("offer" in body) this.#inTurn(() => this.#accept({ type: "offer", sdp: body.offer }));
		else if ("answer" in body) this.#inTurn(() => this.#accept({ type: "answer", sdp: body.answer }));
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#connection.close();
	}

	#signal(body: SignalBody): void {
		if (!this.#closed) this.#tell({ type: "signal", link: this.#link, body });
	}

	#lost(): void {
		if (!this.#closed) this.#tell({ type: "lost", link: this.#link });
	}

	async #describe(): Promise<void> {
		await this.#connection.setLocalDescription();
		const { type, sdp = "" } = this.#connection.localDescription ?? {};
		this.#signal(type === "offer" ? { offer: sdp } : { answer: sdp });
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
		this.#turn = this.#turn.then(() => (this.#closed ? undefined : act())).catch(() => this.#lost());
	}
}
