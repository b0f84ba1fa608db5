import type { Happening, Overview, SeriesName } from "./types.ts";

/** Silence after which the stream counts as lost, milliseconds: figures come every two seconds. */
const SILENCE_MS = 10_000;

export type Figures = Overview & {
	readonly point?: { readonly at: number } & Partial<Record<SeriesName, number | null>>;
};

export interface Listener {
	onFigures(figures: Figures): void;
	onEvent(event: Happening): void;
	/** Whether figures arrive by themselves; while they do not, the page asks for them. */
	onState(live: boolean): void;
}

/** Listens to the tracker's stream until the returned function is called. The browser connects again by itself. */
export function listen(url: string, listener: Listener): () => void {
	const source = new EventSource(url);
	let silence: ReturnType<typeof setTimeout> | undefined;
	const heard = () => {
		clearTimeout(silence);
		silence = setTimeout(() => listener.onState(false), SILENCE_MS);
		listener.onState(true);
	};
	source.addEventListener("overview", (message: MessageEvent<string>) => {
		heard();
		listener.onFigures(JSON.parse(message.data) as Figures);
	});
	source.addEventListener("event", (message: MessageEvent<string>) => {
		listener.onEvent(JSON.parse(message.data) as Happening);
	});
	source.addEventListener("error", () => listener.onState(false));
	return () => {
		clearTimeout(silence);
		source.close();
	};
}
