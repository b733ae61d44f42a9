import { beforeEach, describe, expect, it } from "vitest";
import { TabList } from "./tab-list";

function visible(): string[] {
    return [...document.querySelectorAll<HTMLElement>("section")]
        .filter((pane) => !pane.hidden)
        .map((pane) => pane.id);
}

describe("tabs", () => {
    let tabs: TabList;

    beforeEach(() => {
        document.body.innerHTML = ["chat", "site", "planner"]
            .map((name) => `<section id="${name}" aria-label="${name}!"></section>`)
            .join("");
        tabs = new TabList([...document.querySelectorAll<HTMLElement>("section")], "Panes");
        document.body.prepend(tabs.element);
    });

    it("show one pane when active and all when not", () => {
        tabs.setActive(true);
        expect(visible()).toEqual(["chat"]);
        tabs.select("site");
        expect(visible()).toEqual(["site"]);
        tabs.setActive(false);
        expect(visible()).toEqual(["chat", "site", "planner"]);
        expect(tabs.element.hidden).toBe(true);
        expect(document.querySelector("[role=tabpanel]")).toBeNull();
    });

    it("follow the tabs pattern", () => {
        tabs.setActive(true);
        const [first, second] = document.querySelectorAll("[role=tab]");
        expect(first?.textContent).toBe("chat!");
        expect(first?.getAttribute("aria-controls")).toBe("chat");
        expect(first?.getAttribute("aria-selected")).toBe("true");
        expect(second?.getAttribute("tabindex")).toBe("-1");
        expect(document.querySelectorAll("[role=tabpanel]")).toHaveLength(3);
    });

    it.each([
        [["ArrowRight"], "site"],
        [["ArrowLeft"], "planner"],
        [["ArrowRight", "ArrowRight", "ArrowRight"], "chat"],
        [["End"], "planner"],
        [["End", "Home"], "chat"],
        [["a"], "chat"],
    ])("move with the keys %j", (keys, id) => {
        tabs.setActive(true);
        for (const key of keys) tabs.element.dispatchEvent(new KeyboardEvent("keydown", { key }));
        expect(visible()).toEqual([id]);
    });

    it("stay as they are when a pane is unknown", () => {
        tabs.setActive(true);
        tabs.select("nowhere");
        expect(visible()).toEqual(["chat"]);
    });
});
