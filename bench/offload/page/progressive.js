// Has hls.js play a segment as it comes, whoever loads it.
const { playerConfig } = globalThis;
globalThis.playerConfig = () => ({ ...playerConfig?.(), progressive: true });
