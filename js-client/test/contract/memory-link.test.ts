import { describe, test } from "vitest";
import { MemoryNetwork } from "./memory-link.ts";
import { peerLinkContract } from "./peer-link.ts";

describe("a link in memory", () => {
	for (const { name, run } of peerLinkContract) test(name, () => run(new MemoryNetwork().makeLink));
});
