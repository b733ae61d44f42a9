import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { CivicViewer } from "./element";

customElements.define("civic-viewer", CivicViewer);

const PAGE = `
    <civic-viewer data-scene="/files/scenes/1.json" data-unsupported="no 3D here" data-failed="not today">
        <img src="/poster.jpg" alt="a bench"><button type="button">3D</button>
    </civic-viewer>`;

function tap(): void {
    document.querySelector("button")?.click();
}

function said(): string | null | undefined {
    return document.querySelector("[role=status]")?.textContent;
}

// three.js takes a while to load: not while somebody waits.
beforeAll(async () => {
    await import("./view");
}, 30_000);

beforeEach(() => {
    const page = document.createElement("main");
    page.innerHTML = PAGE;
    document.body.replaceChildren(page);
});

afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
});

it("loads nothing before the tap", () => {
    const fetched = vi.fn();
    vi.stubGlobal("fetch", fetched);
    expect(document.querySelector("canvas")).toBeNull();
    expect(said()).toBe("");
    expect(fetched).not.toHaveBeenCalled();
});

it("says so where there is no WebGL, and the picture stays", () => {
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
    tap();
    expect(said()).toBe("no 3D here");
    expect(document.querySelector("img")).not.toBeNull();
    expect(document.querySelector("canvas")).toBeNull();
});

it("says so when a file is missing, the picture stays, and one may try again", async () => {
    const context = {} as WebGL2RenderingContext;
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context);
    const fetched = vi.fn(() => Promise.resolve(new Response("", { status: 404 })));
    vi.stubGlobal("fetch", fetched);
    for (const times of [1, 2]) {
        tap();
        await vi.waitFor(() => expect(said()).toBe("not today"));
        expect(fetched).toHaveBeenCalledTimes(times);
        expect(document.querySelector("civic-viewer > img")).not.toBeNull();
        expect(document.querySelector("canvas")).toBeNull();
    }
});

it("stops loading when it leaves the page", async () => {
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({} as WebGL2RenderingContext);
    const signals: (AbortSignal | null | undefined)[] = [];
    vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
        signals.push(init.signal);
        return new Promise(() => undefined);
    });
    tap();
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    document.body.replaceChildren();
    expect(signals[0]?.aborted).toBe(true);
});
