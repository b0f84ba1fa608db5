import { isRollCall, type PageMessage, type WorkerConfig } from "../worker/messages.ts";

/** Where a site that wants its requests intercepted has a file that imports the tracker's service worker. */
const SCRIPT = "/rivulet-sw.js";

/** A worker that is installed only now gets this long before the page counts as started. */
const READY_MS = 1000;

export interface RegistrationPorts {
	readonly container: ServiceWorkerContainer;
	/** The engine's end of what connects it with the service worker; none: the page goes, or sleeps. */
	connect(port?: MessagePort): void;
}

/** Registers the site's service worker where it has one, and connects it with the page's engine. */
export class Registration {
	readonly #ports: RegistrationPorts;
	readonly #closing = new AbortController();
	/** Resolves when the worker asks this page, or there will not be one soon. */
	readonly ready: Promise<void>;
	#ready: () => void = () => {};
	#config: WorkerConfig;

	constructor(ports: RegistrationPorts, config: WorkerConfig) {
		this.#ports = ports;
		this.#config = config;
		const { signal } = this.#closing;
		const { container } = ports;
		const leave = () => ports.connect();
		container.addEventListener("message", ({ data }) => isRollCall(data) && this.#hello(), { signal });
		container.addEventListener("controllerchange", () => this.#hello(), { signal });
		container.startMessages();
		addEventListener("pageshow", ({ persisted }) => persisted && this.#hello(), { signal });
		document.addEventListener("resume", () => this.#hello(), { signal });
		addEventListener("pagehide", leave, { signal });
		document.addEventListener("freeze", leave, { signal });
		this.ready = new Promise((resolve) => {
			this.#ready = resolve;
			setTimeout(resolve, READY_MS);
		});
		void this.#register();
	}

	/** Tells the worker when the site's policy has changed. */
	configure(config: WorkerConfig): void {
		this.#config = config;
		this.#hello();
	}

	/** The worker is connected. */
	connected(): void {
		this.#ready();
	}

	/** Keeps the worker from being stopped. */
	alive(): void {
		this.#send({ rivulet: "alive" });
	}

	/** Makes the worker let every request pass until a page greets it again. */
	dismiss(): void {
		this.#send({ rivulet: "stop" });
		this.#closing.abort();
	}

	async #register(): Promise<void> {
		const { container } = this.#ports;
		try {
			if (!(await container.getRegistration())) {
				const { headers, ok } = await fetch(SCRIPT, { method: "HEAD" });
				if (!ok || !/javascript/.test(headers.get("content-type") ?? "")) return this.#ready();
				await container.register(SCRIPT);
			}
			await container.ready;
			this.#hello();
		} catch (error) {
			console.debug("Rivulet works without a service worker:", error);
			this.#ready();
		}
	}

	#hello(): void {
		if (this.#closing.signal.aborted) return;
		const { port1, port2 } = new MessageChannel();
		this.#ports.connect(port1);
		this.#send({ rivulet: "hello", config: this.#config }, port2);
	}

	#send(message: PageMessage, ...ports: MessagePort[]): void {
		void this.#ports.container.ready.then(({ active }) => active?.postMessage(message, ports));
	}
}
