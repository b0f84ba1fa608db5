// What hls.js 1.6 and 1.7 ask of a loader, as far as it is used here (hls.js, src/types/loader.ts). Declared anew, so that
// nothing of hls.js is needed to build this.

export interface LoaderContext {
	readonly url: string;
	readonly responseType: string;
	readonly headers?: Record<string, string>;
	readonly rangeStart?: number;
	/** The first byte that is not asked for; 0 or absent: no range. */
	readonly rangeEnd?: number;
	/** The segment, in seconds of the film. */
	readonly frag?: { readonly start: number; readonly duration: number };
}

/** One object from a loader's construction on: hls.js keeps it as the fragment's. */
export interface LoaderStats {
	aborted: boolean;
	loaded: number;
	total: number;
	bwEstimate: number;
	readonly loading: { start: number; first: number; end: number };
}

export interface LoaderConfiguration {
	readonly loadPolicy: {
		readonly maxTimeToFirstByteMs: number;
		readonly maxLoadTimeMs: number;
		readonly timeoutRetry?: object | null;
	};
	/** Bytes that `onProgress` is to be called with at least; absent or infinite: everything at once. */
	readonly highWaterMark?: number;
}

export interface LoaderResponse {
	readonly url: string;
	readonly data: unknown;
	readonly code: number;
}

type Details = Response | null;

export interface LoaderCallbacks {
	onSuccess(response: LoaderResponse, stats: LoaderStats, context: LoaderContext, details: Details): void;
	onTimeout(stats: LoaderStats, context: LoaderContext, details: Details): void;
	onError(
		error: { readonly code: number; readonly text: string },
		context: LoaderContext,
		details: Details,
		stats: LoaderStats,
	): void;
	onAbort?(stats: LoaderStats, context: LoaderContext, details: Details): void;
	/** Of segments only with hls.js's option `progressive`; then `onSuccess` comes without data. */
	onProgress?(stats: LoaderStats, context: LoaderContext, data: unknown, details: Details): void;
}

export interface Loader {
	readonly context: LoaderContext | null;
	readonly stats: LoaderStats;
	load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks): void;
	abort(): void;
	destroy(): void;
	getCacheAge?(): number | null;
	getResponseHeader?(name: string): string | null;
}

export type LoaderClass = new (config: HlsConfig) => Loader;

export interface HlsConfig {
	/** The class that loads where there is no other. */
	readonly loader: LoaderClass;
	readonly xhrSetup?: unknown;
	readonly fetchSetup?: unknown;
}
