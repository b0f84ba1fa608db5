// Resident memory of a process and those that it started.
import { readdirSync, readFileSync } from "node:fs";

/** Between two looks, milliseconds. */
const LOOK_MS = 500;
/** Looks whose median is what is there now: garbage collectors let memory go up and down. */
const LOOKS = 11;

function field(pid, name) {
	return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}

/** Bytes of a process and of its children; null when it is gone. */
function look(root) {
	try {
		const children = [];
		for (const name of readdirSync("/proc")) {
			if (!/^\d+$/.test(name)) continue;
			try {
				if (field(name, "PPid") === root) children.push(field(name, "VmRSS") * 1024);
			} catch {
				// It ended between the listing and the reading.
			}
		}
		const parent = field(root, "VmRSS") * 1024;
		return { parent, children, total: children.reduce((sum, bytes) => sum + bytes, parent) };
	} catch {
		return null;
	}
}

const NOTHING = { parent: 0, children: [], total: 0 };

export class Residents {
	most = NOTHING;
	#last = [];
	#looks = 0;
	#bytes = 0;
	#draining = 0;
	#timer;

	/** @param {(look: {parent: number, children: number[], total: number}) => void} seen told of every look */
	constructor(pid, seen = () => {}) {
		const take = () => {
			const now = look(pid);
			if (!now) return;
			this.#last = [...this.#last, now].slice(-LOOKS);
			this.#looks++;
			this.#bytes += now.total;
			if (now.children.length > 1) this.#draining++;
			if (now.total > this.most.total) this.most = now;
			seen(now);
		};
		take();
		this.#timer = setInterval(take, LOOK_MS);
	}

	/** The middle one of the last few looks. */
	now() {
		const sorted = [...this.#last].sort((a, b) => a.total - b.total);
		return sorted[sorted.length >> 1];
	}

	/** Bytes on average, and the part of the time in which there was more than one child. */
	get mean() {
		return { total: this.#bytes / this.#looks, draining: this.#draining / this.#looks };
	}

	stop() {
		clearInterval(this.#timer);
	}
}
