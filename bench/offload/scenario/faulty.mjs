// One peer that sends slowly and one that stops sending, among six who fetch a file.
import { median } from "../figures.mjs";
import { served } from "../run.mjs";
import { file } from "./file.mjs";

const VISITORS = 6;
/** Early ones, so that later ones ask them. */
const SLOW = 1;
const STALLING = 2;
const BYTES = 32 * 1024 * 1024;
/** How the two send. The relay takes processor time, which is no fault of theirs: so compared is with `rivulet-relayed`. */
const LINKS = {
	"rivulet-relayed": { [SLOW]: "sound", [STALLING]: "sound" },
	"rivulet-faulty": { [SLOW]: "slow", [STALLING]: "stalling" },
};
let runs = 0;

export const faulty = {
	...file,
	about: "file of 32 MiB, six visitors 2 s apart; the second sends 1/20 of 80 Mbit/s, the third nothing after 2 MB",
	viewers: [VISITORS],
	contenders: ["rivulet-fetch", "rivulet-relayed", "rivulet-faulty"],
	columns: ["copies", "others median s", "others last s"],
	repeats: 3,
	relayed: true,

	run(world, contender, count) {
		runs++;
		const links = LINKS[contender];
		const linkOf = (n) => links?.[n] && { relay: world.relay, name: `${links[n]}-${runs}-${n}`, hides: true };
		return file.run(world, contender, count, { linkOf, traced: false });
	},

	/** Of the same four visitors, with and without faults of the other two. */
	figures({ outcomes, rows }) {
		const others = outcomes.filter((outcome, n) => n !== SLOW && n !== STALLING && !outcome.error);
		const seconds = others.map(({ doneMs }) => doneMs / 1000);
		return [served(rows) / BYTES, median(seconds), Math.max(...seconds)];
	},

	targets: ([, median, last], { "rivulet-relayed": without }, { contender }) =>
		contender === "rivulet-faulty" && without
			? [
					{ what: "others' median completion / without faults", value: median / without[1], most: 1.15 },
					{ what: "others' last completion / without faults", value: last / without[2], most: 1.15 },
				]
			: [],
};
