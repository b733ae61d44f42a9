import { expect, it } from "vitest";
import { commandOf } from "./keys";

function press(key: string, held: KeyboardEventInit = {}): ReturnType<typeof commandOf> {
    return commandOf(new KeyboardEvent("keydown", { key, ...held }));
}

it("arrows walk around and look from above", () => {
    expect(press("ArrowLeft")).toMatchObject({ kind: "turn", elevation: 0 });
    expect(press("ArrowUp")).toMatchObject({ kind: "turn", azimuth: 0 });
    expect(press("ArrowLeft")).not.toEqual(press("ArrowRight"));
    expect(press("ArrowUp")).not.toEqual(press("ArrowDown"));
});

it("plus comes nearer, also where it stands on another key, and minus goes back", () => {
    const [nearer, farther] = [press("+"), press("-")];
    expect(press(";")).toEqual(nearer);
    expect(press("=")).toEqual(nearer);
    expect(nearer).toMatchObject({ kind: "zoom" });
    if (nearer?.kind === "zoom" && farther?.kind === "zoom")
        expect(nearer.factor * farther.factor).toBeCloseTo(1);
});

it("numbers are the cameras, Home the first", () => {
    expect(["1", "2", "3"].map((key) => press(key))).toEqual(
        ["people", "approach", "overview"].map((name) => ({ kind: "camera", name })),
    );
    expect(press("Home")).toEqual(press("1"));
});

it("leaves Tab, letters and the browser's own shortcuts alone", () => {
    for (const key of ["Tab", "a", "PageDown", "End"]) expect(press(key)).toBeNull();
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
        expect(press("+", held)).toBeNull();
});
