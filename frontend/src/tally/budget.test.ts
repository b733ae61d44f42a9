import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CivicBudget } from "./budget";

customElements.define("civic-budget", CivicBudget);

const PAGE = `
    <civic-budget>
        <form action="/admin/ballots/x/tally#budget">
            <input type="hidden" name="lang" value="en">
            <label hidden>budget <input type="range" min="0" max="900" step="100" value="900"></label>
            <input name="budget" value="">
        </form>
        <div data-part><p>before</p></div>
    </civic-budget>`;

const asked: string[] = [];
const shared = vi.fn();
let answers: (() => Promise<Response>)[] = [];

function answer(words: string): Promise<Response> {
    return Promise.resolve(
        new Response(`<main><civic-budget><div data-part><p>${words}</p></div></civic-budget></main>`),
    );
}

function slider(): HTMLInputElement {
    const found = document.querySelector<HTMLInputElement>("input[type=range]");
    if (found === null) throw new Error("no slider");
    return found;
}

function move(budget: string): void {
    slider().value = budget;
    slider().dispatchEvent(new Event("input"));
}

function said(): string | null | undefined {
    return document.querySelector("[data-part] p")?.textContent;
}

beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    shared.mockClear();
    answers = [];
    vi.stubGlobal("fetch", (address: URL) => {
        asked.push(address.pathname + address.search);
        return (answers.shift() ?? (() => Promise.reject(new Error("away"))))();
    });
    vi.spyOn(history, "replaceState").mockImplementation(shared);
    const page = document.createElement("main");
    page.innerHTML = PAGE;
    document.body.replaceChildren(page);
});

afterEach(() => {
    document.body.replaceChildren();
    vi.restoreAllMocks();
    vi.useRealTimers();
});

it("shows the slider, and counts again once it rests", async () => {
    expect(slider().closest("label")?.hidden).toBe(false);
    answers = [() => answer("after")];
    move("300");
    move("400");
    await vi.advanceTimersByTimeAsync(300);
    expect(asked).toEqual(["/admin/ballots/x/tally?lang=en&budget=400"]);
    expect(said()).toBe("after");
    expect(shared).toHaveBeenCalledOnce();
});

it("leaves everything as it was when no answer comes", async () => {
    move("300");
    await vi.advanceTimersByTimeAsync(300);
    expect(said()).toBe("before");
    expect(shared).not.toHaveBeenCalled();
});

it("never lets an older answer replace a newer one", async () => {
    let late: (response: Promise<Response>) => void = () => undefined;
    answers = [() => new Promise<Response>((resolve) => (late = resolve)), () => answer("newer")];
    move("300");
    await vi.advanceTimersByTimeAsync(300);
    move("500");
    await vi.advanceTimersByTimeAsync(300);
    late(answer("older"));
    await vi.advanceTimersByTimeAsync(10);
    expect(said()).toBe("newer");
});
