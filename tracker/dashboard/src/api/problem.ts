/** A request that did not do what it was asked: a problem document (RFC 9457), or no answer at all. */
export class Problem extends Error {
	constructor(
		/** HTTP status; 0 when there was no answer. */
		readonly status: number,
		/** Last part of the problem's type, such as `wrong-credentials`. */
		readonly kind: string,
		/** What to show: what is wrong, and the remedy where there is one. */
		text: string,
		/** Seconds to wait before asking again, where the server said. */
		readonly retryAfter?: number,
	) {
		super(text);
		this.name = "Problem";
	}
}

const UNREACHABLE = "The tracker does not answer. Is it running, and is the network there?";

/** What to say of an answer that is no success. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): Problem {
	const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
	const text = [fields["title"], fields["detail"]].filter((part) => typeof part === "string" && part !== "");
	const words = [...new Set(text)].join(": ") || `The tracker answered with status ${status}.`;
	const type = typeof fields["type"] === "string" ? fields["type"] : "";
	const seconds = Number(retryAfter ?? Number.NaN);
	return new Problem(
		status,
		type.slice(type.lastIndexOf("/") + 1),
		words,
		Number.isFinite(seconds) ? seconds : undefined,
	);
}

/** Whatever was thrown, as a problem to show. */
export function asProblem(thrown: unknown): Problem {
	return thrown instanceof Problem ? thrown : new Problem(0, "unreachable", UNREACHABLE);
}
