import type { Policy } from "../src/protocol/messages.ts";

/** Of a site that admits nothing and forbids nothing. */
export const openPolicy: Policy = {
	mode: "open",
	consent: false,
	webOrigins: [],
	contentOrigins: [],
	include: [],
	exclude: [],
	allowPrivate: false,
	upload: true,
};
