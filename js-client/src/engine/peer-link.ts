import type { Bytes } from "../protocol/bytes.ts";
import type { IceServer, SignalBody } from "../protocol/messages.ts";

/** What happens on a link. Nothing does after `closed`, which comes once, whoever closes. */
export interface LinkListener {
	/** Both channels are open. */
	opened(): void;
	/** In the order in which they were sent. */
	control(text: string): void;
	/** In any order. */
	block(buffer: ArrayBuffer): void;
	/** What was buffered has shrunk below `MAX_SEND_BUFFER_BYTES`. */
	drained(): void;
	closed(): void;
}

/** Two channels to one other peer: ids, bytes and credits only. */
export interface PeerLink {
	/** Of blocks sent and not yet on their way. */
	readonly bufferedBytes: number;
	/** Both do nothing once the link is closed. */
	sendControl(text: string): void;
	sendBlock(bytes: Bytes): void;
	/**
	 * What was sent before is still delivered if the connection lives.
	 * @param atOnce the page goes, and a connection left open for that would keep it out of the back/forward cache
	 */
	close(atOnce?: boolean): void;
}

/** A link that is still being agreed on, through messages that somebody passes on. */
export interface SignalledLink extends PeerLink {
	receive(body: SignalBody): void;
}

export interface LinkEnds {
	readonly ice: readonly IceServer[];
	/** Whether this side makes the offer; else it waits for one. */
	readonly offers: boolean;
	/** Passes a message on to the other side's `receive`. */
	signal(body: SignalBody): void;
	readonly listener: LinkListener;
}

export type LinkFactory = (ends: LinkEnds) => SignalledLink;
