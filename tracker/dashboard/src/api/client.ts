import { problemOf } from "./problem.ts";
import type { Session } from "./types.ts";

/** How long an answer may take, milliseconds: checks of an origin wait for that origin. */
const DEADLINE_MS = 30_000;

export type Query = Readonly<Record<string, string | number | undefined>>;

/** What is asked of the API. */
export interface Ask {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** Below `/api/v1/`, without a slash in front. */
	readonly path: string;
	readonly body?: unknown;
	/** What an edit was based on. */
	readonly etag?: string | undefined;
}

export interface Answer<T> {
	readonly value: T;
	readonly etag: string | undefined;
}

/** `parts` as a path, each encoded. */
export const pathOf = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join("/");

/** `path` with those of `query` that have a value. */
export function withQuery(path: string, query: Query): string {
	const search = new URLSearchParams();
	for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
	const text = search.toString();
	return text ? `${path}?${text}` : path;
}

/** The API, as the signed-in operator. */
export class Api {
	#csrf = "";
	/** Called when the session has ended on the server's side. */
	onSignedOut: () => void = () => {};

	constructor(
		/** Base URL, ending with a slash. */
		readonly base: string,
		readonly send: typeof fetch = (input, init) => fetch(input, init),
	) {}

	/** Asks as this session from now on. */
	use(session: Session): void {
		this.#csrf = session.csrf;
	}

	/** Throws a `Problem` unless the answer is a success. */
	async ask<T>({ method, path, body, etag }: Ask, signal?: AbortSignal): Promise<Answer<T>> {
		const headers: Record<string, string> = { Accept: "application/json" };
		if (method !== "GET") headers["X-Rivulet-Csrf"] = this.#csrf;
		if (body !== undefined) headers["Content-Type"] = "application/json";
		if (etag !== undefined) headers["If-Match"] = etag;
		const deadline = AbortSignal.timeout(DEADLINE_MS);
		const response = await this.send(this.base + path, {
			method,
			headers,
			credentials: "same-origin",
			cache: "no-store",
			signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		const value = parsed(text);
		if (!response.ok) {
			const problem = problemOf(response.status, value, response.headers.get("Retry-After"));
			if (problem.kind === "unauthenticated" && path !== "session") this.onSignedOut();
			throw problem;
		}
		// The page and the answers come from one jar: api/types.ts says what they are.
		return { value: value as T, etag: response.headers.get("ETag") ?? undefined };
	}

	async get<T>(path: string, signal?: AbortSignal): Promise<T> {
		return (await this.ask<T>({ method: "GET", path }, signal)).value;
	}
}

function parsed(text: string): unknown {
	try {
		return text === "" ? undefined : JSON.parse(text);
	} catch {
		return undefined; // a proxy's page, say: the status tells
	}
}
