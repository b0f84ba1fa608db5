// A long film that everybody gives up after 20 s: what peers send each other in vain.
import { served } from "../run.mjs";
import { film, filmBytes } from "./film.mjs";

const SECONDS = 120;
const STAYS_MS = 20_000;

export const abandoned = {
	...film({
		about: "joins 3 s apart, each leaves after 20 s",
		seconds: SECONDS,
		gapMs: 3000,
		viewers: [8],
		staysMs: () => STAYS_MS,
		task: { countsPeers: true },
		contenders: ["plain", "rivulet", "rivulet-hls", "p2pml"],
		columns: ["watched MB", "origin MB", "peers MB", "peers/watched"],
		targets: ([, , , ratio]) => [{ what: "bytes between peers / watched", value: ratio, most: 1.3 }],
	}),
	figures({ outcomes, rows }, site) {
		const bytesPerSecond = filmBytes(site, `film-${SECONDS}`) / SECONDS;
		const sum = (of) => outcomes.reduce((all, outcome) => all + (of(outcome) ?? 0), 0);
		const watched = sum(({ watchedSeconds }) => watchedSeconds) * bytesPerSecond;
		const peers = sum(({ peerBytes }) => peerBytes);
		return [watched / 1e6, served(rows) / 1e6, peers / 1e6, peers / watched];
	},
};
