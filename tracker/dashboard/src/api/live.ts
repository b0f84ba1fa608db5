import type { Overview } from "./types.ts";

/** Silence after which the stream counts as lost, milliseconds: figures come every two seconds. */
const SILENCE_MS = 10_000;

export interface Listener {
	/** Figures of the last 15 minutes. */
	onFigures(figures: Overview): void;
	/** Something happened. */
	onEvent(): void;
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
		// Of the same jar, as every answer.
		listener.onFigures((JSON.parse(message.data) as { overview: Overview }).overview);
	});
	source.addEventListener("event", () => listener.onEvent());
	source.addEventListener("error", () => listener.onState(false));
	return () => {
		clearTimeout(silence);
		source.close();
	};
}
