import type { Policy } from "./messages.ts";

const escaped = (text: string) => text.replace(/[.+^${}()|[\]\\?]/g, "\\$&");

/** docs/protocol.md §2.2. */
function compile(pattern: string): RegExp {
	const mark = pattern.indexOf("?");
	const path = mark < 0 ? pattern : pattern.slice(0, mark);
	const query = mark < 0 ? "" : pattern.slice(mark);
	const source =
		escaped(path).replace(/\*+/g, (stars) => (stars.length > 1 ? "[^?]*" : "[^/?]*")) +
		escaped(query).replace(/\*+/g, ".*");
	return new RegExp(`^${source}$`);
}

/** Whether a web origin (`scheme://host[:port]`) is one that `pattern` names. */
export function originMatches(pattern: string, origin: string): boolean {
	return new RegExp(`^${escaped(pattern).replace("://*\\.", "://[^/:]+\\.")}$`).test(origin);
}

/** What a site lets Rivulet handle. */
export interface Admission {
	/** Whether a canonical URL is within the content origins and the patterns. */
	admits(url: string): boolean;
}

export function admission(policy: Policy): Admission {
	const include = policy.include.map(compile);
	const exclude = policy.exclude.map(compile);
	return {
		admits(url) {
			const { origin } = new URL(url);
			const path = url.slice(origin.length);
			const matches = (pattern: RegExp) => pattern.test(path);
			return (
				policy.contentOrigins.some((pattern) => originMatches(pattern, origin)) &&
				include.some(matches) &&
				!exclude.some(matches)
			);
		},
	};
}
