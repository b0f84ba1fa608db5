import type { IceServer, Policy } from "../api/types.ts";
import { linesOf } from "./site-form.ts";

/** The policy as a form has it: a server a line, `URL[,URL] [USERNAME CREDENTIAL]`. */
export interface PolicyForm {
	readonly perGb: string;
	readonly currency: string;
	readonly iceServers: string;
	readonly maxConnections: string;
}

const lineOf = ({ urls, username, credential }: IceServer): string =>
	[urls.join(","), username, credential].filter(Boolean).join(" ");

function serverOf(line: string): IceServer {
	const [urls = "", username, credential] = line.split(/\s+/);
	return {
		urls: urls.split(",").filter((url) => url !== ""),
		...(username === undefined ? {} : { username }),
		...(credential === undefined ? {} : { credential }),
	};
}

export const policyForm = (policy: Policy): PolicyForm => ({
	perGb: policy.price?.perGb ?? "",
	currency: policy.price?.currency ?? "",
	iceServers: policy.iceServers.map(lineOf).join("\n"),
	maxConnections: String(policy.maxConnections),
});

/** What is sent: no price where none is given. */
export function policyBody(form: PolicyForm): Record<string, unknown> {
	const perGb = form.perGb.trim().replace(",", ".");
	return {
		iceServers: linesOf(form.iceServers).map(serverOf),
		maxConnections: Number(form.maxConnections),
		price: perGb === "" ? null : { perGb, currency: form.currency.trim().toUpperCase() },
	};
}
