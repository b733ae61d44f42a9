import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname;

/** The files below a folder whose names end so, as paths from it, in code-point order. */
function filesBelow(folder: string, ending: string): string[] {
    return readdirSync(join(here, folder), { recursive: true, encoding: "utf-8" })
        .filter((name) => name.endsWith(ending))
        .sort();
}

/** Every src/entries/NAME.ts, as NAME. */
function entries(): Record<string, string> {
    const found = filesBelow("src/entries", ".ts").filter((name) => !name.endsWith(".test.ts"));
    return Object.fromEntries(found.map((name) => [name.slice(0, -".ts".length), `src/entries/${name}`]));
}

/** Writes which styles were built, so that the server never shows an older build of them (civic/web/assets.py). */
function stylesVersion(): Plugin {
    return {
        name: "styles-version",
        generateBundle() {
            const hash = createHash("sha256");
            for (const name of filesBelow("styles", ".css")) {
                hash.update(readFileSync(join(here, "styles", name)));
            }
            this.emitFile({ type: "asset", fileName: "styles.sha256", source: hash.digest("hex") });
        },
    };
}

export default defineConfig({
    root: here,
    base: "/static/",
    publicDir: false,
    plugins: [stylesVersion()],
    build: {
        outDir: "static",
        manifest: "manifest.json",
        modulePreload: { polyfill: false },
        // Pictures inside styles would be data: addresses, which the content security policy refuses.
        assetsInlineLimit: 0,
        rolldownOptions: { input: { ...entries(), styles: "src/styles.css" } },
    },
    test: {
        environment: "happy-dom",
        include: ["src/**/*.test.ts"],
        passWithNoTests: true,
    },
});
