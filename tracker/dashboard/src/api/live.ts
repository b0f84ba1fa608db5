import type { Happening, Overview, Series } from "./types.ts";

/** Silence after which the stream counts as lost, milliseconds: figures come every two seconds. */
const SILENCE_MS = 10_000;

export interface Listener {
	/** Figures of the last 15 minutes, and the newest spans of the series; null before there are any. */
	onFigures(figures: Overview, point: Series | null): void;
	/** Something happened. */
	onEvent(happening: Happening): void;
	/** Whether figures arrive by themselves; while they do not, the page asks for them. */
	onState(live: boolean): void;
}

/**
 * Listens to the tracker's stream until the returned function is called, while the page is seen: over HTTP/1.1 a browser
 * has six connections to a host for all its tabs, and hidden ones would keep theirs. The browser connects again by itself.
 */
export function listen(url: string, listener: Listener): () => void {
	let source: EventSource | undefined;
	let silence: ReturnType<typeof setTimeout> | undefined;
	const heard = () => {
		clearTimeout(silence);
		silence = setTimeout(() => listener.onState(false), SILENCE_MS);
		listener.onState(true);
	};
	const open = () => {
		source = new EventSource(url);
		// Of the same jar, as every answer.
		source.addEventListener("overview", (message: MessageEvent<string>) => {
			heard();
			const { overview, point } = JSON.parse(message.data) as { overview: Overview; point: Series | null };
			listener.onFigures(overview, point);
		});
		source.addEventListener("event", (message: MessageEvent<string>) =>
			listener.onEvent(JSON.parse(message.data) as Happening),
		);
		source.addEventListener("error", () => listener.onState(false));
	};
	const close = () => {
		clearTimeout(silence);
		source?.close();
		source = undefined;
	};
	const turned = () => {
		close();
		if (document.visibilityState === "visible") open();
		else listener.onState(false);
	};
	document.addEventListener("visibilitychange", turned);
	turned();
	return () => {
		document.removeEventListener("visibilitychange", turned);
		close();
	};
}
