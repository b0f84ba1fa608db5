// What the other contenders need besides an origin: a WebTorrent tracker of this machine, and a torrent of the file.
import Server from "bittorrent-tracker/server";
import createTorrent from "create-torrent";

export class Foreign {
	#site;

	static async start(site, scope) {
		const foreign = new Foreign();
		foreign.#site = site;
		const server = new Server({ udp: false, http: false, ws: true, stats: false });
		// it logs nothing by itself, and an error of one visitor's connection is that visitor's
		server.on("error", () => {});
		server.on("warning", () => {});
		await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
		foreign.url = `ws://127.0.0.1:${server.ws.options.server.address().port}`;
		scope.onClose(() => new Promise((resolve) => server.close(resolve)));
		return foreign;
	}

	/** Address of a torrent of a file with the origin as its web seed; each run's is another, so another swarm. */
	async torrent({ url, bytes, run, pieceLength }) {
		const options = { name: run, announceList: [[this.url]], urlList: [url], ...(pieceLength && { pieceLength }) };
		const torrent = await new Promise((resolve, reject) =>
			createTorrent(bytes, options, (error, made) => (error ? reject(error) : resolve(made))),
		);
		return this.#site.put(`/torrent/${run}.torrent`, torrent);
	}
}
