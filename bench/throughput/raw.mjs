// Many raw data channels at once: what the library carries, with nothing of Rivulet in the way.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { compiled } from "../harness/java.mjs";
import { JvmSender } from "../transfer/raw.mjs";

export { MESSAGE_BYTES } from "../transfer/raw.mjs";

const MAIN = "dev.rivulet.bench.raw.RawReceivers";

export class RawCrowd {
	open = 0;
	bytes = 0;
	#sender;

	/** @param prefix of the receivers' command */
	static async start({ file, bufferBytes, count, prefix }, scope) {
		const classPath = await compiled("raw", scope);
		const crowd = new RawCrowd();
		crowd.#sender = new JvmSender(classPath, file, bufferBytes, scope, "endless");
		const [command, ...args] = [...prefix, "java", "-cp", classPath, MAIN, String(count)];
		const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
		scope.onClose(async () => child.kill("SIGKILL"));
		const tell = async ({ id, offer }) => {
			const answer = await crowd.#sender.answer(offer, id);
			child.stdin.write(`${JSON.stringify({ id, answer })}\n`);
		};
		// one after the other: the sender's answers are told apart by their order
		let told = Promise.resolve();
		createInterface({ input: child.stdout }).on("line", (line) => {
			if (!line.startsWith("{")) return;
			const said = JSON.parse(line);
			if (said.offer) {
				told = told.then(() => tell(said)).catch((error) => console.error(String(error)));
			} else {
				crowd.open = said.open;
				crowd.bytes = said.bytes;
			}
		});
		return crowd;
	}

	/** Of the sender. */
	get pid() {
		return this.#sender.pid;
	}
}
