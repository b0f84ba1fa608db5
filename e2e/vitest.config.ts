import { defineConfig } from "vitest/config";

/** Real browsers and the jars as built: one file at a time, because timings are asserted. */
export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		fileParallelism: false,
		// how long a busy machine may take: it costs time only where something is wrong
		testTimeout: 240_000,
		hookTimeout: 240_000,
		expect: { poll: { timeout: 60_000 } },
		reporters: ["default", "junit"],
		outputFile: { junit: "target/vitest-reports/TEST-e2e.xml" },
	},
});
