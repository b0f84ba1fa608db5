import { rivuletHls } from "./loader.ts";

declare global {
	interface Window {
		/** Makes a loader class for hls.js. */
		rivuletHls?: typeof rivuletHls;
	}
}

window.rivuletHls = rivuletHls;
