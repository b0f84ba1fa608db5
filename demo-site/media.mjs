// Makes the demo's media with ffmpeg: nothing of it is committed. Idempotent: what is there and complete stays.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));

/** Raised when what is generated changes, so that an older folder is made anew. */
const RECIPE = "2";
/** Length of the film and of the clip, seconds. */
export const FILM_SECONDS = 64;
export const CLIP_SECONDS = 40;

/** Where the generated content lies; the folder that `publish` indexes. */
export const contentDir = join(here, "generated");

/** The places of the gallery: a title, a point of the Mandelbrot set, and the height of the view above it. */
export const places = [
	{ name: "seahorse-valley", title: "Seahorse Valley", x: -0.743643887, y: 0.131825904, scale: 0.006 },
	{ name: "elephant-valley", title: "Elephant Valley", x: 0.2821, y: 0.01, scale: 0.02 },
	{ name: "triple-spiral", title: "Triple Spiral", x: -0.088, y: 0.654, scale: 0.012 },
	{ name: "the-whole", title: "The Whole Set", x: -0.55, y: 0, scale: 2.6 },
	{ name: "lightning", title: "Lightning", x: -1.315180982, y: 0.073481649, scale: 0.0006 },
	{ name: "satellite", title: "Satellite", x: -1.7687788, y: -0.0017389, scale: 0.04 },
	{ name: "double-spiral", title: "Double Spiral", x: -0.7454, y: 0.113, scale: 0.004 },
	{ name: "river-delta", title: "River Delta", x: -0.16, y: 1.0405, scale: 0.03 },
	{ name: "harbour", title: "Harbour", x: -1.25066, y: 0.02012, scale: 0.001 },
];

async function ffmpeg(...args) {
	try {
		await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
	} catch (error) {
		if (error.code === "ENOENT") throw new Error("ffmpeg is missing: install it with `apt-get install ffmpeg`");
		throw error;
	}
}

/** Blue ink on paper: the filter's own colours are louder than the pictures need. */
const ink =
	"format=gray,format=gbrp,curves=r='0/0.03 0.35/0.1 0.6/0.55 1/1':g='0/0.07 0.4/0.38 0.7/0.72 1/0.95':b='0/0.18 0.35/0.5 0.6/0.72 1/0.86'";

const zoom = (seconds, x, y, end, size = "640x360") =>
	`mandelbrot=size=${size}:rate=25:maxiter=3000:start_x=${x}:start_y=${y}:start_scale=2.6:end_scale=${end}:end_pts=${seconds * 25}:inner=black,${ink}`;

/** A slow chord that breathes, so that the film is not silent. */
const chord =
	"aevalsrc=0.12*(sin(2*PI*110*t)+sin(2*PI*164.8*t)*sin(0.4*t)+sin(2*PI*220*t)*sin(0.23*t))|0.12*(sin(2*PI*110.4*t)+sin(2*PI*165.2*t)*sin(0.37*t)+sin(2*PI*277.2*t)*sin(0.19*t)):s=44100";

async function film(dir) {
	await mkdir(join(dir, "film"));
	await ffmpeg(
		"-f",
		"lavfi",
		"-i",
		zoom(FILM_SECONDS, -0.743643887037151, 0.13182590420533, 0.00003),
		"-f",
		"lavfi",
		"-i",
		chord,
		"-t",
		String(FILM_SECONDS),
		"-c:v",
		"libx264",
		"-preset",
		"veryfast",
		"-profile:v",
		"main",
		"-pix_fmt",
		"yuv420p",
		"-b:v",
		"1400k",
		"-maxrate",
		"1800k",
		"-bufsize",
		"2800k",
		"-g",
		"50",
		"-keyint_min",
		"50",
		"-sc_threshold",
		"0",
		"-c:a",
		"aac",
		"-b:a",
		"96k",
		"-f",
		"hls",
		"-hls_time",
		"4",
		"-hls_playlist_type",
		"vod",
		"-hls_segment_filename",
		join(dir, "film", "segment-%03d.ts"),
		join(dir, "film", "index.m3u8"),
	);
}

async function clip(dir) {
	await ffmpeg(
		"-f",
		"lavfi",
		"-i",
		zoom(CLIP_SECONDS, -1.7687788, -0.0017389, 0.02, "854x480"),
		"-f",
		"lavfi",
		"-i",
		chord,
		"-t",
		String(CLIP_SECONDS),
		"-c:v",
		"libx264",
		"-preset",
		"veryfast",
		"-profile:v",
		"main",
		"-pix_fmt",
		"yuv420p",
		"-b:v",
		"2500k",
		"-g",
		"50",
		"-c:a",
		"aac",
		"-b:a",
		"96k",
		"-movflags",
		"+faststart",
		join(dir, "clip.mp4"),
	);
}

async function gallery(dir) {
	await mkdir(join(dir, "gallery"));
	for (const { name, x, y, scale } of places) {
		const still = `mandelbrot=size=1920x1200:maxiter=4000:start_x=${x}:start_y=${y}:start_scale=${scale}:end_scale=${scale / 2}:inner=black,${ink}`;
		await ffmpeg(
			"-f",
			"lavfi",
			"-i",
			still,
			"-frames:v",
			"1",
			"-filter_complex",
			"[0]split[a][b];[b]scale=480:300:flags=lanczos[c]",
			"-map",
			"[a]",
			"-q:v",
			"2",
			join(dir, "gallery", `${name}.jpg`),
			"-map",
			"[c]",
			"-frames:v",
			"1",
			"-q:v",
			"4",
			join(dir, "gallery", `${name}-small.jpg`),
		);
	}
}

/** Makes the content if it is not there, and returns its folder. */
export async function makeContent(log = () => {}) {
	const done = await readFile(join(contentDir, ".recipe"), "utf8").catch(() => "");
	if (done === RECIPE) return contentDir;
	const draft = `${contentDir}.draft`;
	await rm(draft, { recursive: true, force: true });
	await mkdir(draft, { recursive: true });
	log("drawing the gallery");
	await gallery(draft);
	log("rendering the film");
	await film(draft);
	log("rendering the clip");
	await clip(draft);
	const wasm = createRequire(import.meta.url).resolve("esbuild-wasm/esbuild.wasm");
	if ((await stat(wasm)).size < 10 << 20) throw new Error(`${wasm} is smaller than 10 MB; the demo wants a big file`);
	await copyFile(wasm, join(draft, "esbuild.wasm"));
	await writeFile(join(draft, ".recipe"), RECIPE);
	await rm(contentDir, { recursive: true, force: true });
	await rename(draft, contentDir);
	return contentDir;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await makeContent((what) => console.log(what));
}
