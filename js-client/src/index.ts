import { startDedicatedWorker } from "#worker";
import { startPage } from "./page/start.ts";

if (typeof document === "undefined") {
	startDedicatedWorker();
} else {
	startPage();
}
