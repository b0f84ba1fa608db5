// Puts p2p-media-loader into the player, with a tracker of this machine and no STUN server; all else is as configured.
import { HlsJsP2PEngine } from "/vendor/p2p-media-loader-hlsjs.js";

const { tracker, swarm, config } = JSON.parse(document.getElementById("task").textContent);
const engine = new HlsJsP2PEngine({
	core: { announceTrackers: [tracker], rtcConfig: { iceServers: [] }, swarmId: swarm, ...config },
});
globalThis.playerConfig = () => engine.getConfigForHlsJs();
globalThis.attachPlayer = (hls) => engine.bindHls(hls);
