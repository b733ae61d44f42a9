import { expect, test } from "vitest";

import { addressOf, hasLargeFile } from "./upload";

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

test("a form is sent to its address, whatever its buttons are called", () => {
    const form = formWith();
    form.setAttribute("action", "/admin/proposals/new?lang=en");
    for (const value of ["check", "register"]) {
        const button = document.createElement("button");
        Object.assign(button, { name: "action", value });
        form.append(button);
    }
    expect(addressOf(form)).toBe(new URL("/admin/proposals/new?lang=en", location.href).href);
});
