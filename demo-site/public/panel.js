// The panel that shows where every byte came from. It reads `rivulet.stats()` and listens to its `piece` events.

const SOURCES = [
	["store", "Own store"],
	["peers", "Other visitors"],
	["edges", "Edges"],
	["origin", "Origin"],
];
/** How often the figures are read, milliseconds. */
const REFRESH_MS = 500;
/** Resources and squares shown, so that a long visit does not fill the page. */
const MAX_RESOURCES = 12;
const MAX_SQUARES = 160;

const $ = (id) => document.getElementById(id);
const element = (name, { text, ...attributes } = {}) => {
	const made = Object.assign(document.createElement(name), attributes);
	if (text !== undefined) made.textContent = text;
	return made;
};
const amount = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function showBytes(bytes) {
	const total = SOURCES.reduce((sum, [source]) => sum + bytes[source], 0);
	const share = (source) => (total ? Math.round((100 * bytes[source]) / total) : 0);
	$("bar").replaceChildren(
		...SOURCES.filter(([source]) => bytes[source] > 0).map(([source]) => {
			const part = element("i", { className: source });
			part.style.flexGrow = String(bytes[source] / total);
			return part;
		}),
	);
	$("bar").setAttribute(
		"aria-label",
		total ? SOURCES.map(([source, name]) => `${name} ${share(source)} %`).join(", ") : "No bytes yet",
	);
	const rows = SOURCES.map(([source, name]) => row(name, source, amount(bytes[source]), `${share(source)} %`));
	rows.push(row("Passed on to others", "plain", amount(bytes.uploaded), ""));
	$("sources").replaceChildren(...rows);
}

function row(name, className, bytes, share) {
	const group = element("div");
	group.append(
		element("dt", { className, text: name }),
		element("dd", { text: bytes }),
		element("dd", { text: share }),
	);
	return group;
}

function showNeighbours(peers) {
	const list = peers.map(({ id, role, state, rttMs, down, up }) => {
		const item = element("li");
		const who = element("span", { text: `${role === "edge" ? "Edge" : "Visitor"} ${id.slice(0, 6)}` });
		const rtt = Number.isFinite(rttMs) && rttMs !== null ? `${Math.round(rttMs)} ms` : state;
		item.append(
			who,
			element("span", { text: rtt }),
			element("small", { text: `got ${amount(down)}, gave ${amount(up)}` }),
		);
		return item;
	});
	$("neighbours").replaceChildren(...(list.length ? list : [element("li", { className: "none", text: "None yet" })]));
}

/** Squares of one resource, newest resource first. */
class PieceMap {
	#resources = new Map();

	add({ url, source }) {
		let resource = this.#resources.get(url);
		if (!resource) {
			const item = element("li");
			const name = element("div", { className: "name" });
			const count = element("small", { className: "none" });
			name.append(element("span", { text: decodeURIComponent(url.split("/").pop() || url) }), count);
			const squares = element("div", { className: "squares" });
			squares.setAttribute("aria-hidden", "true");
			item.append(name, squares);
			resource = { item, squares, count, by: {} };
			this.#resources.set(url, resource);
			this.#trim();
		}
		resource.by[source] = (resource.by[source] ?? 0) + 1;
		resource.squares.append(element("i", { className: source, title: source }));
		if (resource.squares.childElementCount > MAX_SQUARES) resource.squares.firstElementChild.remove();
		resource.count.textContent = SOURCES.filter(([key]) => resource.by[key])
			.map(([key, name]) => `${resource.by[key]} ${name.toLowerCase()}`)
			.join(", ");
		const list = $("resources");
		if (list.firstElementChild !== resource.item) list.prepend(resource.item);
		list.querySelector(":scope > .none")?.remove();
	}

	#trim() {
		if (this.#resources.size <= MAX_RESOURCES) return;
		const [url, oldest] = this.#resources.entries().next().value;
		oldest.item.remove();
		this.#resources.delete(url);
	}
}

function watch(client) {
	$("panel-state").textContent = "Rivulet is running.";
	const pieces = new PieceMap();
	client.on("piece", (piece) => pieces.add(piece));
	const refresh = () => {
		const { bytes, peers } = client.stats();
		showBytes(bytes);
		showNeighbours(peers);
	};
	refresh();
	setInterval(refresh, REFRESH_MS);
}

/** Shows the panel, now or when Rivulet has started. */
export function showPanel() {
	showBytes({ store: 0, peers: 0, edges: 0, origin: 0, uploaded: 0 });
	if (window.matchMedia("(max-width: 60rem)").matches) $("panel").open = false;
	if (window.rivulet) watch(window.rivulet);
	else document.addEventListener("rivulet:ready", () => watch(window.rivulet), { once: true });
}
