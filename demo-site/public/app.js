// The site itself. It needs nothing of Rivulet: with the script blocked, everything here works from the origin.
import { showPanel } from "./panel.js";

const plates = {
	"seahorse-valley": "Seahorse Valley",
	"elephant-valley": "Elephant Valley",
	"triple-spiral": "Triple Spiral",
	"the-whole": "The Whole Set",
	lightning: "Lightning",
	satellite: "Satellite",
	"double-spiral": "Double Spiral",
	"river-delta": "River Delta",
	harbour: "Harbour",
};

const $ = (id) => document.getElementById(id);
/** All visitors fetch from one content origin, whatever host name their page has. */
const { content } = await (await fetch("/site.json")).json();

function showGallery() {
	for (const [name, title] of Object.entries(plates)) {
		const image = new Image(480, 300);
		image.alt = "";
		image.loading = "lazy";
		image.crossOrigin = "anonymous";
		image.src = `${content}/gallery/${name}-small.jpg`;
		const caption = document.createElement("span");
		caption.textContent = title;
		const button = document.createElement("button");
		button.type = "button";
		button.append(image, caption);
		button.addEventListener("click", () => showPlate(name, title));
		const item = document.createElement("li");
		item.append(button);
		$("gallery").append(item);
	}
}

function showPlate(name, title) {
	$("plate-title").textContent = title;
	$("plate-image").alt = `${title}, a part of the Mandelbrot set in blue ink`;
	$("plate-image").removeAttribute("src");
	$("plate-image").src = `${content}/gallery/${name}.jpg`;
	$("plate").showModal();
}

/** Attaches hls.js at the first play, so that nothing is fetched for a film nobody watches. */
function prepareFilm() {
	const film = $("film");
	const start = async () => {
		film.removeEventListener("play", start);
		const source = `${content}/film/index.m3u8`;
		if (!window.Hls) await addScript("/vendor/hls.js").catch(() => {});
		if (window.Hls?.isSupported()) {
			const hls = new window.Hls();
			hls.on(window.Hls.Events.ERROR, (_, { fatal, details }) => {
				if (fatal) $("film-status").textContent = `The film stopped: ${details}.`;
			});
			hls.loadSource(source);
			hls.attachMedia(film);
		} else {
			film.src = source; // Safari plays HLS by itself
		}
		await film.play().catch(() => {});
	};
	film.addEventListener("play", start);
}

function addScript(src) {
	return new Promise((resolve, reject) => {
		const script = document.createElement("script");
		script.src = src;
		script.onload = resolve;
		script.onerror = () => reject(new Error(`${src} did not load`));
		document.head.append(script);
	});
}

async function download() {
	const button = $("download");
	const status = $("download-status");
	button.disabled = true;
	const begun = performance.now();
	try {
		const url = `${content}/esbuild.wasm`;
		const response = await (window.rivulet ?? window).fetch(url);
		if (!response.ok) throw new Error(`the server answered ${response.status}`);
		const bytes = await readWithProgress(response);
		const seconds = (performance.now() - begun) / 1000;
		const hash = await sha256(bytes);
		status.textContent = `${(bytes.length / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s. SHA-256 ${hash}`;
		status.dataset.sha256 = hash;
	} catch (error) {
		status.textContent = `The download failed: ${error.message}. Try again.`;
	} finally {
		button.disabled = false;
	}
}

async function readWithProgress(response) {
	const total = Number(response.headers.get("content-length")) || 0;
	const parts = [];
	let received = 0;
	const reader = response.body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		parts.push(value);
		received += value.length;
		if (total) $("progress").value = received / total;
		$("download-status").textContent = `${(received / 1e6).toFixed(1)} MB`;
	}
	$("progress").value = 1;
	return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function sha256(bytes) {
	if (!globalThis.crypto?.subtle) return "not available on an insecure page";
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Another host name is another visitor: with a store and a service worker of its own. */
function openAnotherVisitor() {
	const number = 1 + Math.floor(Math.random() * 9999);
	window.open(`http://visitor-${number}.localhost:${location.port || 80}/`, "_blank", "noopener");
}

showGallery();
prepareFilm();
$("clip").src = `${content}/clip.mp4`;
$("download").addEventListener("click", download);
$("another").addEventListener("click", openAnotherVisitor);
showPanel();
document.documentElement.dataset.ready = "true";
