// Memory over whole cycles of replacement: it goes up and down with every process that is replaced, so that two instants
// differ by where in that they happen to be, and two averages over whole cycles do not.

/**
 * The cycles up to the first replacement after `span` connections, and those of the last `span`, each from one replacement to
 * a later one; null where there were too few to compare.
 *
 * @param {{total: number, replacements: number, connections: number}[]} looks as they were taken: bytes, and how many
 *     processes had been replaced and how many connections made by then
 */
export function wholeCycles(looks, span) {
	const begins = looks.flatMap(({ replacements }, at) =>
		replacements > (looks[at - 1] ?? looks[0]).replacements ? [at] : [],
	);
	const made = (at) => looks[at].connections;
	const end = begins.at(-1);
	const firstEnd = begins.slice(1).find((at) => made(at) >= span);
	const lastBegin = begins.findLast((at) => made(at) <= made(end) - span);
	if (firstEnd === undefined || lastBegin === undefined || lastBegin < firstEnd) return null;
	return { first: cycles(looks, begins[0], firstEnd), last: cycles(looks, lastBegin, end) };
}

function cycles(looks, from, to) {
	const within = looks.slice(from, to);
	return {
		count: looks[to].replacements - looks[from].replacements,
		from: looks[from].connections,
		to: looks[to].connections,
		mean: within.reduce((sum, { total }) => sum + total, 0) / within.length,
		most: within.reduce((most, look) => (look.total > most.total ? look : most)),
	};
}
