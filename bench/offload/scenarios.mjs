// What is measured, by the name that `--scenario` takes.
import { abandoned } from "./scenario/abandoned.mjs";
import { assets } from "./scenario/assets.mjs";
import { faulty } from "./scenario/faulty.mjs";
import { file } from "./scenario/file.mjs";
import { leaving } from "./scenario/leaving.mjs";
import { live } from "./scenario/live.mjs";
import { onDemand } from "./scenario/on-demand.mjs";
import { start } from "./scenario/start.mjs";
import { vod, vodCrowd, vodNarrow } from "./scenario/vod.mjs";

export const scenarios = {
	file,
	vod,
	"vod-narrow": vodNarrow,
	"vod-crowd": vodCrowd,
	start,
	assets,
	leaving,
	faulty,
	abandoned,
	"on-demand": onDemand,
	live,
};
