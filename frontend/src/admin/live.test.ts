import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CivicLive, isTyping } from "./live";

customElements.define("civic-live", CivicLive);

const PAGE = `
    <civic-live data-path="/turnout" data-state="open">
        <div data-part><p>4</p><details open><summary>table</summary></details></div>
        <p data-reload><a href="/">reload</a></p>
    </civic-live>
    <form><textarea>as it was</textarea><input type="checkbox" checked></form>`;

let answers: string[] = [];
let seen: DocumentVisibilityState = "visible";
const reload = vi.fn();

function part(people: number, state = "open", live = "yes"): string {
    const inside = `<p>${people}</p><details><summary>table</summary></details>`;
    return `<div data-live="${live}" data-state="${state}">${inside}</div>`;
}

function said(): string | null | undefined {
    return document.querySelector("[data-part] p")?.textContent;
}

async function pass(milliseconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
    vi.useFakeTimers();
    answers = [];
    seen = "visible";
    reload.mockClear();
    vi.stubGlobal(
        "fetch",
        vi.fn(() => {
            const answer = answers.shift();
            return answer === undefined
                ? Promise.reject(new Error("away"))
                : Promise.resolve(new Response(answer));
        }),
    );
    vi.spyOn(location, "reload").mockImplementation(reload);
    vi.spyOn(document, "visibilityState", "get").mockImplementation(() => seen);
    const page = document.createElement("main");
    page.innerHTML = PAGE;
    document.body.replaceChildren(page);
});

afterEach(() => {
    document.body.replaceChildren();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
});

it("shows the newer part, an unfolded table stays so, and the link to reload is not needed", async () => {
    answers = [part(5)];
    await pass(3_000);
    expect(said()).toBe("5");
    expect(document.querySelector("details")?.open).toBe(true);
    expect(document.querySelector("[data-reload]")?.hasAttribute("hidden")).toBe(true);
});

it("asks nothing while nobody looks, and at once when somebody does again", async () => {
    seen = "hidden";
    document.dispatchEvent(new Event("visibilitychange"));
    await pass(60_000);
    expect(fetch).not.toHaveBeenCalled();
    answers = [part(6)];
    seen = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
    await pass(0);
    expect(said()).toBe("6");
});

it("goes on after an answer that did not come, and ends when the server says so", async () => {
    await pass(3_000);
    expect(said()).toBe("4");
    answers = [part(7, "open", "no")];
    await pass(3_000);
    expect(said()).toBe("7");
    await pass(60_000);
    expect(fetch).toHaveBeenCalledTimes(2);
});

it("loads the page anew when the state is another one, but not while somebody types", async () => {
    const field = document.querySelector("textarea");
    if (field !== null) field.value = "half a sentence";
    answers = [part(8, "closed"), part(8, "closed")];
    await pass(3_000);
    expect(isTyping()).toBe(true);
    expect(reload).not.toHaveBeenCalled();
    expect(said()).toBe("8");
    if (field !== null) field.value = field.defaultValue;
    await pass(3_000);
    expect(reload).toHaveBeenCalledOnce();
    await pass(60_000);
    expect(fetch).toHaveBeenCalledTimes(2);
});

it("stops when it leaves the page", async () => {
    document.body.replaceChildren();
    await pass(60_000);
    expect(fetch).not.toHaveBeenCalled();
});
