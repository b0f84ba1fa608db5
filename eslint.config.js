// Biome formats and lints; ESLint adds only the promise and unsafe-value rules that need types.
import { parser, plugin } from "typescript-eslint";

export default [
	{ ignores: ["**/dist/**", "**/target/**", "**/*.js", "**/*.mjs", "**/*.d.ts"] },
	{
		files: ["js-client/**/*.ts", "tracker/dashboard/**/*.{ts,tsx}", "e2e/**/*.ts"],
		languageOptions: {
			parser,
			parserOptions: {
				project: [
					"js-client/tsconfig.page.json",
					"js-client/tsconfig.worker.json",
					"js-client/tsconfig.test.json",
					"tracker/dashboard/tsconfig.json",
					"e2e/tsconfig.json",
				],
				tsconfigRootDir: import.meta.dirname,
			},
		},
		plugins: { "@typescript-eslint": plugin },
		rules: {
			"@typescript-eslint/no-floating-promises": "error",
			"@typescript-eslint/no-misused-promises": "error",
			"@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
			"@typescript-eslint/no-unsafe-argument": "error",
			"@typescript-eslint/no-unsafe-assignment": "error",
			"@typescript-eslint/no-unsafe-call": "error",
			"@typescript-eslint/no-unsafe-member-access": "error",
			"@typescript-eslint/no-unsafe-return": "error",
		},
	},
	{
		// Browser tests drive the demo site's plain JavaScript, whose values have no declared types.
		files: ["e2e/**/*.ts"],
		rules: {
			"@typescript-eslint/no-unsafe-argument": "off",
			"@typescript-eslint/no-unsafe-assignment": "off",
			"@typescript-eslint/no-unsafe-call": "off",
			"@typescript-eslint/no-unsafe-member-access": "off",
			"@typescript-eslint/no-unsafe-return": "off",
		},
	},
];
