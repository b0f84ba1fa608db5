// Plays a film (`until` its end or its first "frame") with hls.js as it comes, and notes when the picture came, when it stood still, what was given.
import { seen, sha256 } from "./observe.js";

const { url, until = "end", live = false } = JSON.parse(document.getElementById("task").textContent);
const video = document.querySelector("video");
const startMs = performance.now();
const stalls = [];
const troubles = [];
const given = [];
let firstFrameMs;
let waitingSince;
const left = new Promise((resolve) => {
	globalThis.leave = resolve;
});

/**
 * Looks at what a loader gives to the player. The player gets a copy, because it hands its buffers on to a worker, and
 * p2p-media-loader would have nothing left of what it shares.
 */
function observed(Loader) {
	return class extends Loader {
		load(context, config, callbacks) {
			const parts = [];
			const onProgress = (stats, known, data, details) => {
				parts.push(data.slice(0));
				callbacks.onProgress(stats, known, data, details);
			};
			const onSuccess = (response, ...rest) => {
				const { data } = response;
				const isText = typeof data === "string";
				// what is handed on as it comes comes without data at the end
				const whole = () => (data.byteLength ? data : new Blob(parts).arrayBuffer());
				const bytes = isText ? new TextEncoder().encode(data) : whole();
				// a live playlist is another one each time
				if (!(live && isText))
					given.push(
						Promise.resolve(bytes)
							.then(sha256)
							.then((hash) => [context.frag?.url ?? context.url, hash]),
					);
				callbacks.onSuccess(isText ? response : { ...response, data: data.slice(0) }, ...rest);
			};
			super.load(context, config, { ...callbacks, onSuccess, ...(callbacks.onProgress && { onProgress }) });
		}
	};
}

function makePlayer() {
	const hls = new Hls(globalThis.playerConfig?.() ?? {});
	const { loader } = hls.config;
	hls.config.fLoader = observed(hls.config.fLoader ?? loader);
	hls.config.pLoader = observed(hls.config.pLoader ?? loader);
	hls.on(Hls.Events.ERROR, (_, { fatal, details }) => {
		if (fatal) troubles.push(`fatal: ${details}`);
		else if (details !== "bufferStalledError") troubles.push(details);
	});
	return hls;
}

function resume() {
	if (waitingSince === undefined || firstFrameMs === undefined) return;
	stalls.push([Number(video.currentTime.toFixed(2)), Math.round(performance.now() - waitingSince)]);
	waitingSince = undefined;
}

async function play() {
	globalThis.__mark?.("player");
	const hls = makePlayer();
	const framed = new Promise((resolve) => {
		video.requestVideoFrameCallback((now) => {
			firstFrameMs = now;
			if (until === "frame") resolve();
		});
	});
	// before the first frame it is not a stall, at the very end it is the end
	video.addEventListener("waiting", () => {
		if (firstFrameMs !== undefined && video.currentTime < video.duration - 0.5) waitingSince ??= performance.now();
	});
	video.addEventListener("playing", resume);
	const ended = new Promise((resolve, reject) => {
		video.addEventListener("ended", resolve);
		video.addEventListener("error", () => reject(new Error(`${video.error?.message} ${troubles}`)));
		hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && reject(new Error(`fatal: ${details}`)));
	});
	globalThis.attachPlayer?.(hls);
	hls.loadSource(url);
	hls.attachMedia(video);
	await video.play();
	await Promise.race([ended, framed, left]);
	const watchedSeconds = video.currentTime;
	const behindSeconds = hls.playingDate && (Date.now() - hls.playingDate.getTime()) / 1000;
	const peerBytes = await globalThis.peerBytes?.();
	const delivered = await Promise.all(given);
	return { startMs, firstFrameMs, stalls, troubles, watchedSeconds, behindSeconds, peerBytes, delivered, ...seen() };
}

globalThis.progress = () => {
	const { currentTime, readyState, paused, buffered } = video;
	const ranges = Array.from({ length: buffered.length }, (_, n) => [buffered.start(n), buffered.end(n)]);
	return { currentTime, readyState, paused, ranges, firstFrameMs, stalls, troubles, given: given.length };
};
globalThis.outcome = play();
globalThis.outcome.catch(() => {});
