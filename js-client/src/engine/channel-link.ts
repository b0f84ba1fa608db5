import type { Bytes } from "../protocol/bytes.ts";
import { CONNECT_SECONDS, MAX_SEND_BUFFER_BYTES } from "../protocol/limits.ts";
import type { SignalBody } from "../protocol/messages.ts";
import type { ToEngine, ToPage } from "./messages.ts";
import type { LinkEnds, SignalledLink } from "./peer-link.ts";

/** How long what was sent last may take to leave. */
const LINGER_MS = 200;
/** Messages that may come before both channels are open: the other side may have them open earlier. */
const MAX_EARLY_MESSAGES = 64;

/** From the page, about one of its connections. */
export type FromConnection = Extract<ToEngine, { readonly link: number }>;

/** The links of one page, over connections that the page makes: only pages can. */
export class ChannelLinks {
	readonly #tell: (message: ToPage) => void;
	readonly #links = new Map<number, ChannelLink>();
	#last = 0;

	constructor(tell: (message: ToPage) => void) {
		this.#tell = tell;
	}

	make(ends: LinkEnds): SignalledLink {
		const id = ++this.#last;
		const link = new ChannelLink(
			ends,
			(body) => this.#tell({ type: "signal", link: id, body }),
			() => {
				this.#links.delete(id);
				this.#tell({ type: "close", link: id });
			},
		);
		this.#links.set(id, link);
		this.#tell({ type: "connect", link: id, ice: ends.ice, offers: ends.offers });
		return link;
	}

	heed(message: FromConnection): void {
		const link = this.#links.get(message.link);
		if (message.type === "channels") link?.listen(message.control, message.blocks);
		else if (message.type === "signal") link?.signal(message.body);
		else link?.end();
	}
}

/** A link over the two data channels of a connection (docs/protocol.md §6). */
class ChannelLink implements SignalledLink {
	readonly #ends: LinkEnds;
	readonly #tell: (body: SignalBody) => void;
	readonly #dropped: () => void;
	#control: RTCDataChannel | null = null;
	#blocks: RTCDataChannel | null = null;
	/** Messages that came before both channels were open. */
	readonly #unheeded: (() => void)[] = [];
	readonly #timer: ReturnType<typeof setTimeout>;
	#opened = false;
	#closed = false;

	/**
	 * @param tell passes on to the connection what the other side signals
	 * @param dropped the connection is needed no more
	 */
	constructor(ends: LinkEnds, tell: (body: SignalBody) => void, dropped: () => void) {
		this.#ends = ends;
		this.#tell = tell;
		this.#dropped = dropped;
		this.#timer = setTimeout(() => this.end(), CONNECT_SECONDS * 1000);
	}

	get bufferedBytes(): number {
		return this.#blocks?.bufferedAmount ?? 0;
	}

	sendControl(text: string): void {
		this.#try(this.#control, (channel) => channel.send(text));
	}

	sendBlock(bytes: Bytes): void {
		this.#try(this.#blocks, (channel) => channel.send(bytes));
	}

	close(atOnce = false): void {
		if (this.#closed) return;
		const lingers = this.#control?.readyState === "open" && this.#control.bufferedAmount && !atOnce;
		this.#finish();
		// what is buffered would be dropped
		if (lingers) setTimeout(this.#dropped, LINGER_MS);
		else this.#dropped();
	}

	receive(body: SignalBody): void {
		if ("close" in body) this.end();
		else this.#tell(body);
	}

	/** For the other side, from the connection. */
	signal(body: SignalBody): void {
		if (!this.#closed) this.#ends.signal(body);
	}

	/** The connection has ended, or does not come about. */
	end(): void {
		if (!this.#closed) this.close(true);
	}

	listen(control: RTCDataChannel, blocks: RTCDataChannel): void {
		const { listener } = this.#ends;
		this.#control = control;
		this.#blocks = blocks;
		blocks.binaryType = "arraybuffer";
		blocks.bufferedAmountLowThreshold = MAX_SEND_BUFFER_BYTES / 2;
		for (const channel of [control, blocks]) {
			channel.onopen = () => this.#open();
			channel.onclose = () => this.end();
		}
		control.onmessage = ({ data }: MessageEvent<unknown>) => {
			this.#heed(() => (typeof data === "string" ? listener.control(data) : this.end()));
		};
		blocks.onmessage = ({ data }: MessageEvent<unknown>) => {
			this.#heed(() => (data instanceof ArrayBuffer ? listener.block(data) : this.end()));
		};
		blocks.onbufferedamountlow = () => {
			if (!this.#closed) listener.drained();
		};
		this.#open();
	}

	#open(): void {
		const isOpen = this.#control?.readyState === "open" && this.#blocks?.readyState === "open";
		if (this.#closed || this.#opened || !isOpen) return;
		clearTimeout(this.#timer);
		this.#opened = true;
		this.#ends.listener.opened();
		for (const act of this.#unheeded.splice(0)) this.#heed(act);
	}

	/** Firefox may deliver what came on one channel before it says that the other is open. */
	#heed(act: () => void): void {
		if (this.#closed) return;
		if (this.#opened) act();
		else if (this.#unheeded.push(act) > MAX_EARLY_MESSAGES) this.end();
	}

	#try(channel: RTCDataChannel | null, act: (channel: RTCDataChannel) => void): void {
		if (this.#closed || channel?.readyState !== "open") return;
		try {
			act(channel);
		} catch {
			this.end(); // the channel failed while it was open
		}
	}

	#finish(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#ends.listener.closed();
	}
}
