import { runEngine } from "./engine/engine.ts";
import type { EngineWire } from "./engine/messages.ts";
import { runServiceWorker } from "./worker/service-worker.ts";

// One script for all that does not need a page, so that visitors download it once: it is what it is loaded as.
if ("ServiceWorkerGlobalScope" in globalThis) runServiceWorker();
else if ("DedicatedWorkerGlobalScope" in globalThis) runEngine(globalThis as unknown as EngineWire);
else Object.assign(globalThis, { rivuletEngine: runEngine });
