// Counts what data channels bring, whoever made them: the first script of a page that asks for it.
{
	const connections = [];
	const received = new Map();
	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(...args) {
			super(...args);
			connections.push(this);
		}
	};

	const look = async () => {
		for (const connection of connections) {
			const report = await connection.getStats().catch(() => null);
			if (!report) continue;
			for (const { type, id, bytesReceived } of report.values())
				if (type === "data-channel") received.set(`${connections.indexOf(connection)} ${id}`, bytesReceived);
		}
	};
	// a closed connection tells nothing any more
	setInterval(look, 500);

	/** Bytes of messages that this page has received from peers so far. */
	globalThis.peerBytes = async () => {
		await look();
		return [...received.values()].reduce((sum, bytes) => sum + bytes, 0);
	};
}
