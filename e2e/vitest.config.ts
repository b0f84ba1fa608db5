import { defineConfig } from "vitest/config";

/** Real browsers and the jars as built: one file at a time, because timings are asserted. */
export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		fileParallelism: false,
		testTimeout: 120_000,
		hookTimeout: 120_000,
		reporters: ["default", "junit"],
		outputFile: { junit: "target/vitest-reports/TEST-e2e.xml" },
	},
});
