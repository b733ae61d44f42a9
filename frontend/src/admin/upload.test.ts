import { expect, test } from "vitest";

import { hasLargeFile } from "./upload";

function formWith(...files: File[]): HTMLFormElement {
    const form = document.createElement("form");
    const input = document.createElement("input");
    input.type = "file";
    Object.defineProperty(input, "files", { value: files });
    form.append(input);
    return form;
}

function file(bytes: number): File {
    return new File([new Uint8Array(bytes)], "model.glb");
}

test("a form without a file, or with a small one, is sent as ever", () => {
    expect(hasLargeFile(formWith())).toBe(false);
    expect(hasLargeFile(formWith(file(1_000)))).toBe(false);
});

test("a large file is worth showing how far it is", () => {
    expect(hasLargeFile(formWith(file(1_000), file(300_000)))).toBe(true);
});
