declare const self: DedicatedWorkerGlobalScope;

/** Runs the client's dedicated worker. */
export function startDedicatedWorker(): void {
	self.postMessage({ type: "ready", version: __RIVULET_VERSION__ });
}
