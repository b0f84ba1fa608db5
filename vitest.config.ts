import { defineConfig } from "vitest/config";

/** Unit tests in Node; what needs a browser is in e2e. */
export default defineConfig({
	define: { __RIVULET_VERSION__: JSON.stringify("test") },
	test: {
		include: ["{js-client,tracker/dashboard,demo-site,bench,scripts}/**/*.test.{ts,mjs}"],
		// how long a busy machine may take: it costs time only where something is wrong
		testTimeout: 60_000,
		hookTimeout: 60_000,
		reporters: ["default", "junit"],
		outputFile: { junit: "target/vitest-reports/TEST-unit.xml" },
	},
});
