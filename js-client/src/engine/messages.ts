import type { KeyId, SiteId } from "../protocol/ids.ts";
import type { IceServer, Role, SignalBody } from "../protocol/messages.ts";
import type { PieceOrigin } from "../transfer/transfer.ts";
import type { Order, WorkerConfig } from "../worker/messages.ts";
import type { Wishes } from "./privacy.ts";
import type { Stats } from "./stats.ts";

/** What a page and its engine tell each other: one build makes both. */

export interface EngineOptions {
	/** Base URL of the tracker, with a slash at the end. */
	readonly tracker: string;
	readonly site: SiteId;
	/** Null: the key that the tracker names is trusted. */
	readonly key: KeyId | null;
	/** The page's URL. */
	readonly href: string;
	/** The most that is given to others, in bytes per second, and in bytes altogether. */
	readonly uploadRate: number;
	readonly uploadLimit: number;
	readonly wishes: Wishes;
}

/** What a page may listen to, by name (docs/embed.md). */
export interface ClientEvents {
	/** The tracker said welcome. Again after each reconnection. */
	readonly ready: { readonly peer: string };
	/** A neighbour came or went. */
	readonly peer: { readonly id: string; readonly role: Role; readonly state: "connecting" | "connected" | "closed" };
	/** A piece was verified, or read from the own store. */
	readonly piece: PieceOrigin;
	readonly stopped: Record<string, never>;
}

/** To the engine. */
export type ToEngine =
	| { readonly type: "start"; readonly options: EngineOptions }
	/** `open` comes with a port of its own for `Demand` and `Supply`. */
	| Order
	/** With a port on which the service worker gives orders; none: the page goes, or sleeps. */
	| { readonly type: "worker" }
	/** With a port that is told whether all pieces of it are those of the resource's entry. */
	| { readonly type: "share"; readonly url: string; readonly bytes: Uint8Array<ArrayBuffer> }
	/** The page has loaded this, so many bytes of it from the network without Rivulet. With a port that is told when it was looked at. */
	| { readonly type: "loaded"; readonly url: string; readonly bytes: number }
	/** The channels of a connection that the page was told to make, before anything is sent on them. */
	| {
			readonly type: "channels";
			readonly link: number;
			readonly control: RTCDataChannel;
			readonly blocks: RTCDataChannel;
	  }
	| { readonly type: "signal"; readonly link: number; readonly body: SignalBody }
	/** The connection has ended, or could not be made. */
	| { readonly type: "lost"; readonly link: number }
	/** The visitor's have changed. */
	| { readonly type: "wishes"; readonly wishes: Wishes }
	/** The page's main thread is late. */
	| { readonly type: "busy" }
	/** A media element that played has to wait for more. */
	| { readonly type: "stalled" }
	/** The page goes, perhaps for good; it has come back; the visitor or the page wants Rivulet no more. */
	| { readonly type: "leave" | "back" | "stop" };

/** To the page. */
export type ToPage =
	/** The engine runs. `channels`: whether it can be handed data channels; otherwise it does nothing. */
	| { readonly type: "up"; readonly channels: boolean }
	/** Requests are answered as well as they can be. */
	| { readonly type: "started" }
	| { readonly type: "catalog"; readonly catalog: CatalogState }
	| { readonly type: "stats"; readonly stats: Stats }
	| EventMessage
	/** Let the site's service worker, where it has one, ask the engine. */
	| { readonly type: "intercept"; readonly config: WorkerConfig }
	/** The service worker asks the engine from now on. */
	| { readonly type: "intercepted" }
	/** The service worker is not to be stopped. */
	| { readonly type: "alive" }
	| {
			readonly type: "connect";
			readonly link: number;
			readonly ice: readonly IceServer[];
			/** Whether this side makes the offer; else it waits for one. */
			readonly offers: boolean;
	  }
	| { readonly type: "signal"; readonly link: number; readonly body: SignalBody }
	| { readonly type: "close"; readonly link: number };

/** Whether the site's catalog is known; `none`: not soon, or never. */
export type CatalogState = "coming" | "known" | "none";

type EventMessage = {
	[K in keyof ClientEvents]: { readonly type: "event"; readonly name: K; readonly event: ClientEvents[K] };
}[keyof ClientEvents];

/** One end of what connects page and engine: a worker, a worker's global scope, or an end of `directWires`. */
export interface Wire<Out, In> {
	postMessage(message: Out, transfer: Transferable[]): void;
	onmessage: ((event: MessageEvent<In>) => void) | null;
}

export type EngineWire = Wire<ToPage, ToEngine>;
export type PageWire = Wire<ToEngine, ToPage>;

/** The two ends for an engine that runs in the page: what is passed is not copied. */
export function directWires(): { page: PageWire; engine: EngineWire } {
	const wire = <Out, In>(other: () => Wire<In, Out>): Wire<Out, In> => ({
		onmessage: null,
		postMessage: (data, transfer) => {
			const ports = transfer.filter((one) => one instanceof MessagePort);
			queueMicrotask(() => other().onmessage?.({ data, ports } as unknown as MessageEvent<Out>));
		},
	});
	const page: PageWire = wire<ToEngine, ToPage>(() => engine);
	const engine: EngineWire = wire<ToPage, ToEngine>(() => page);
	return { page, engine };
}
