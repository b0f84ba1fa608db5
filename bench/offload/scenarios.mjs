// What is measured, by the name that `--scenario` takes.
import { file } from "./scenario/file.mjs";
import { vod, vodCrowd, vodNarrow } from "./scenario/vod.mjs";

export const scenarios = { file, vod, "vod-narrow": vodNarrow, "vod-crowd": vodCrowd };
