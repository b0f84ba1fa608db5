import type { Policy } from "./messages.ts";

/**
 * docs/protocol.md §2.2. One pass over the pattern, keeping for every prefix of the subject whether the pattern so far matches
 * it: time is the product of both lengths, so that no pattern can be made slow.
 */
function matches(pattern: string, subject: string): boolean {
	let reached = [true, ...Array<boolean>(subject.length).fill(false)];
	let inQuery = false;
	for (const [token] of pattern.matchAll(/\*+|./g)) {
		inQuery ||= token === "?";
		const stops = inQuery ? "" : token.length > 1 ? "?" : "/?";
		let run = false;
		reached = reached.map((end, i) => {
			const last = subject.charAt(i - 1);
			if (!token.startsWith("*")) return i > 0 && last === token && reached[i - 1] === true;
			run = end || (run && !stops.includes(last));
			return run;
		});
	}
	return reached.at(-1) === true;
}

/** Whether a web origin (`scheme://host[:port]`) is one that `pattern` names. */
export function originMatches(pattern: string, origin: string): boolean {
	const [scheme, rest] = pattern.split("://*");
	if (rest === undefined) return pattern === origin;
	const start = `${scheme}://`;
	const labels = origin.slice(start.length, -rest.length);
	return origin === start + labels + rest && /^[\w-]+(\.[\w-]+)*$/.test(labels);
}

/** What a site lets Rivulet handle. */
export interface Admission {
	/** Whether a canonical URL is within the content origins and the patterns. */
	admits(url: string): boolean;
}

export function admission(policy: Policy): Admission {
	return {
		admits(url) {
			const { origin } = new URL(url);
			const path = url.slice(origin.length);
			const covers = (pattern: string) => matches(pattern, path);
			return (
				policy.contentOrigins.some((pattern) => originMatches(pattern, origin)) &&
				policy.include.some(covers) &&
				!policy.exclude.some(covers)
			);
		},
	};
}
