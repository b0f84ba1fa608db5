// How long until the picture comes: for the first viewer, who has no peers, and for one who comes 3 s later.
import { film, lateFrame } from "./film.mjs";

export const start = {
	...film({
		about: "first frame only, the second viewer 3 s after the first",
		gapMs: 3000,
		viewers: [2],
		task: { until: "frame" },
		repeats: 15,
		contenders: ["plain", "plain-progressive", "rivulet", "rivulet-hls", "rivulet-hls-progressive"],
		columns: ["first viewer s", "second s"],
		targets: ([first, second], { plain }) =>
			plain
				? [
						{ what: "first viewer's first frame, s", value: first, most: lateFrame(plain[0]) },
						{ what: "second viewer's first frame, s", value: second, most: lateFrame(plain[1]) },
					]
				: [],
	}),
	figures: ({ outcomes }) => outcomes.map(({ firstFrameMs }) => firstFrameMs / 1000),
};
