// Live streams of the origin: segments that are there from their time on, and playlists of the newest ones.

/** Segments in a playlist. */
const WINDOW = 6;

/** A stream of files `PREFIXsegment-000.ts`, … of `segmentMs` each, the first of which is there at `startMs`. */
export class LiveStream {
	constructor({ prefix, startMs, segmentMs, segments }) {
		Object.assign(this, { prefix, startMs, segmentMs, segments });
	}

	get playlistPath() {
		return `${this.prefix}live.m3u8`;
	}

	#available(nowMs) {
		return Math.min(this.segments, 1 + Math.floor((nowMs - this.startMs) / this.segmentMs));
	}

	/** Whether a path is a segment that is still to come. */
	hides(path, nowMs) {
		if (!path.startsWith(this.prefix)) return false;
		const number = /segment-(\d+)\.ts$/.exec(path)?.[1];
		return number !== undefined && Number(number) >= this.#available(nowMs);
	}

	/** The playlist now; its times say when a segment was there in full. */
	playlist(nowMs) {
		const end = this.#available(nowMs);
		const begin = Math.max(0, end - WINDOW);
		const seconds = this.segmentMs / 1000;
		const lines = ["#EXTM3U", "#EXT-X-VERSION:3", `#EXT-X-TARGETDURATION:${seconds}`, `#EXT-X-MEDIA-SEQUENCE:${begin}`];
		for (let n = begin; n < end; n++) {
			const from = new Date(this.startMs + (n - 1) * this.segmentMs);
			const name = `segment-${String(n).padStart(3, "0")}.ts`;
			lines.push(`#EXT-X-PROGRAM-DATE-TIME:${from.toISOString()}`, `#EXTINF:${seconds.toFixed(6)},`, name);
		}
		return Buffer.from(`${lines.join("\n")}\n`);
	}
}
