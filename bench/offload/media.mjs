// Makes the measured film with ffmpeg: a constant rate, so that every segment weighs the same. Made once, never committed.
import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const generated = fileURLToPath(new URL("../generated", import.meta.url));
/** Raised when what is generated changes. */
const RECIPE = "2";
/** Length of a segment, seconds. */
export const SEGMENT_SECONDS = 4;
/** Rates that add up, with MPEG-TS around them, to about 2 Mbit/s. */
const VIDEO_KBITS = 1800;
const AUDIO_KBITS = 96;

/** A folder with `film-SECONDS/index.m3u8` and its segments. */
export async function makeFilm(seconds) {
	const folder = join(generated, `film-${seconds}`);
	const stamp = join(folder, ".recipe");
	if ((await readFile(stamp, "utf8").catch(() => "")) === RECIPE) return folder;
	const draft = `${folder}.draft`;
	await rm(draft, { recursive: true, force: true });
	await mkdir(join(draft, `film-${seconds}`), { recursive: true });
	const kbits = `${VIDEO_KBITS}k`;
	await promisify(execFile)("ffmpeg", [
		...["-v", "error", "-nostdin", "-y"],
		...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"],
		...["-f", "lavfi", "-i", "sine=frequency=220:sample_rate=44100"],
		...["-t", String(seconds), "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-pix_fmt", "yuv420p"],
		...["-b:v", kbits, "-minrate", kbits, "-maxrate", kbits, "-bufsize", kbits, "-x264-params", "nal-hrd=cbr"],
		...["-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-c:a", "aac", "-b:a", `${AUDIO_KBITS}k`],
		...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_playlist_type", "vod"],
		...[
			"-hls_segment_filename",
			join(draft, `film-${seconds}`, "segment-%03d.ts"),
			join(draft, `film-${seconds}`, "index.m3u8"),
		],
	]);
	await writeFile(join(draft, ".recipe"), RECIPE);
	await rm(folder, { recursive: true, force: true });
	await rename(draft, folder);
	return folder;
}
