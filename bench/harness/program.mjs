// A benchmark as a program: one report on standard output, all that was started ended, whatever happens.
import { save } from "./report.mjs";
import { deadline, Scope } from "./scope.mjs";

export const say = (text) => console.error(text);

/** A scope that a signal or a mistake of ours ends, and the process with it: neither may leave a tracker behind. */
export function programScope() {
	const scope = new Scope();
	const end = () => void scope.close().finally(() => process.exit(1));
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
	process.once("uncaughtException", (error) => {
		console.error(error);
		end();
	});
	return scope;
}

/**
 * Prints what `measure` makes in at most `limitMs`, `{ text, failed }`, keeps it where `saves` says so, and ends the process
 * and its `scope`: with status 1 if anything failed. `last` is done in any case.
 */
export async function runProgram(name, { scope, limitMs, saves, measure, last = async () => {} }) {
	let status = 0;
	try {
		const { text, failed } = await deadline(limitMs, `the ${name} benchmark`, measure());
		console.log(text);
		status = failed ? 1 : 0;
		if (saves) say(`saved in ${await save(name, text)}`);
	} catch (error) {
		console.error(error);
		status = 1;
	} finally {
		await last();
		await scope.close();
	}
	process.exit(status);
}
