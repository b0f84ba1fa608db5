// Puts Rivulet's loader into the player, as docs/embed.md says; without it there is nothing to measure.
globalThis.playerConfig = () => {
	const { rivuletHls } = globalThis;
	if (!rivuletHls) throw new Error("the tracker has no rivulet-hls.js");
	return { fLoader: rivuletHls({ media: document.querySelector("video") }) };
};
