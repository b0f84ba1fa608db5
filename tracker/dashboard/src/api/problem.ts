/** What is wrong with one key, and what to write instead. */
export interface Complaint {
	/** Such as `webOrigins[2]`; empty for the whole. */
	readonly key: string;
	readonly text: string;
}

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
		/** What is wrong with single keys of what was sent. */
		readonly complaints: readonly Complaint[] = [],
	) {
		super(text);
		this.name = "Problem";
	}
}

const UNREACHABLE = "The tracker does not answer. Is it running, and is the network there?";

/** What to say of an answer that is no success. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): Problem {
	const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
	const complaints = complaintsOf(fields["problems"]);
	const said = complaints.map(({ key, text }) => (key ? `${key}: ${text}` : text)).join("; ");
	const words = said || textOf(fields["detail"]) || textOf(fields["title"]);
	const type = textOf(fields["type"]);
	const seconds = Number(retryAfter ?? Number.NaN);
	return new Problem(
		status,
		type.slice(type.lastIndexOf("/") + 1),
		words || `The tracker answered with status ${status}.`,
		Number.isFinite(seconds) ? seconds : undefined,
		complaints,
	);
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Of `[{"key","text"}]` those that say something. */
function complaintsOf(list: unknown): Complaint[] {
	if (!Array.isArray(list)) return [];
	return list.flatMap((item: unknown) => {
		const { key, text } = (typeof item === "object" && item !== null ? item : {}) as Record<string, unknown>;
		return typeof text === "string" ? [{ key: textOf(key), text }] : [];
	});
}

/** Whatever was thrown, as a problem to show. */
export function asProblem(thrown: unknown): Problem {
	return thrown instanceof Problem ? thrown : new Problem(0, "unreachable", UNREACHABLE);
}
