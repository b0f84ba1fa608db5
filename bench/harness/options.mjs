// Options of the benchmarks' command lines.

/** A whole number from 1 to `most`; a wrong one ends the process with status 2, says which option it is, and prints `usage`. */
export function wholeNumber(name, text, most, usage) {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 1 && value <= most) return value;
	console.error(`--${name}: must be a whole number from 1 to ${most}, not '${text}'\n\n${usage}`);
	process.exit(2);
}
