// Leads this page's connections over the relay (relay/main.mjs): what other visitors say of their addresses is replaced by
// the relay's. `data-hides`: the page's own addresses stay unknown, so that nobody comes around it.
{
	const { relay, link, hides } = document.currentScript.dataset;

	/** The candidate with the relay's address; null for what cannot be relayed. */
	const relayed = async (candidate) => {
		const fields = candidate.split(" ");
		if (fields[2]?.toLowerCase() !== "udp") return null;
		const response = await fetch(`${relay}/?link=${link}&to=${fields[4]}:${fields[5]}`);
		if (!response.ok) return null;
		[fields[4], fields[5]] = (await response.text()).split(":");
		return fields.join(" ");
	};
	const relayedLine = async (line) => {
		if (!line.startsWith("a=candidate:")) return line;
		const candidate = await relayed(line.slice(2));
		return candidate && `a=${candidate}`;
	};

	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		async addIceCandidate(candidate) {
			if (!candidate?.candidate) return;
			const text = await relayed(candidate.candidate);
			if (text) await super.addIceCandidate({ ...candidate, candidate: text });
		}

		async setRemoteDescription({ type, sdp }) {
			const lines = await Promise.all(sdp.split("\r\n").map(relayedLine));
			await super.setRemoteDescription({ type, sdp: lines.filter((line) => line !== null).join("\r\n") });
		}

		set onicecandidate(listener) {
			super.onicecandidate = hides === undefined ? listener : null;
		}
	};
}
