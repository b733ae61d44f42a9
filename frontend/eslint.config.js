import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig({ ignores: ["node_modules/", "static*/"] }, js.configs.recommended, {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
        eqeqeq: "error",
        "no-console": "error",
        "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
        "@typescript-eslint/explicit-module-boundary-types": "error",
        "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
});
