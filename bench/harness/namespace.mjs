// A network namespace with one link to this machine: what happens in it crosses a link of its own, not loopback.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Private addresses (RFC 1918); which pair of them tells runs at the same time apart. */
const NETWORK = "10.213";

export class Namespace {
	/** Address of this machine's end of the link, and what to begin a command with that runs inside. */
	hostAddress;
	prefix;

	static async make(scope) {
		const namespace = new Namespace();
		const name = `rivulet-${process.pid}`;
		const ends = [`rva${process.pid}`, `rvb${process.pid}`];
		const network = `${NETWORK}.${process.pid % 250}`;
		const ip = (...args) => run("ip", args);
		try {
			await ip("netns", "add", name);
		} catch (error) {
			throw new Error(`no namespace: run as root, and with iproute2 installed (${error.message.trim()})`);
		}
		scope.onClose(() => ip("netns", "delete", name));
		await ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1], "netns", name);
		namespace.hostAddress = `${network}.1`;
		await ip("address", "add", `${network}.1/24`, "dev", ends[0]);
		await ip("link", "set", ends[0], "up");
		await ip("-n", name, "address", "add", `${network}.2/24`, "dev", ends[1]);
		for (const end of ["lo", ends[1]]) await ip("-n", name, "link", "set", end, "up");
		namespace.prefix = ["ip", "netns", "exec", name];
		return namespace;
	}
}
