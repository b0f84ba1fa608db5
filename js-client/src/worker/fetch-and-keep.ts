import type { Layout } from "../protocol/layout.ts";
import type { Sources } from "./own-bytes.ts";

/**
 * The network's answer to a request for a resource of one piece, which is kept if it is what the layout says.
 *
 * @param ended called when all of it is there, or no more of it comes
 * @param kept called when the store has it
 */
export async function fetchAndKeep(
	{ fetch, store }: Pick<Sources, "fetch" | "store">,
	request: RequestInfo,
	init: RequestInit,
	layout: Layout,
	ended: () => void,
	kept: () => void,
): Promise<Response> {
	const keep = async (copy: Response) => {
		const bytes = new Uint8Array(await copy.arrayBuffer().finally(ended));
		if (bytes.length !== layout.size || !(await layout.verify(0, bytes))) return;
		await store.write(layout.contentId, layout.pieceCount, 0, bytes);
		kept();
	};
	try {
		const response = await fetch(request, init);
		keep(response.clone()).catch(() => {}); // what broke off is not kept
		return response;
	} catch (error) {
		ended();
		throw error;
	}
}
