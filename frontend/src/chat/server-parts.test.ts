import { beforeEach, describe, expect, it } from "vitest";
import { part, ServerParts } from "./server-parts";

function page(entries: readonly string[], quick = "", writing = "<input>", menu = ""): Document {
    const html = `<div data-part="friendship"></div><div data-part="room" tabindex="-1"><main data-part="log">
        ${entries.map((key) => `<div data-key="${key}">${key}</div>`).join("")}</main></div>
        <div data-part="trouble"></div><div data-part="quick">${quick}</div><div data-part="writing">${writing}</div>
        <div data-part="menu">${menu}</div>`;
    return new DOMParser().parseFromString(`<body>${html}</body>`, "text/html");
}

function shown(): string[] {
    return [...(part(document, "log")?.children ?? [])].map((entry) => entry.textContent);
}

describe("what the server drew", () => {
    let parts: ServerParts;

    beforeEach(() => {
        document.body.innerHTML = page(["1", "2"], "<button>a</button>").body.innerHTML;
        parts = new ServerParts(document);
    });

    it("stays where it is, and only what is new is added", () => {
        const first = part(document, "log")?.firstElementChild;
        expect(parts.takeOver(page(["1", "2", "3"]))).toBe(true);
        expect(shown()).toEqual(["1", "2", "3"]);
        expect(part(document, "log")?.firstElementChild).toBe(first);
        expect(parts.newestKey()).toBe("3");
    });

    it("goes when the server no longer has it, as after a new beginning", () => {
        parts.takeOver(page(["9"]));
        expect(shown()).toEqual(["9"]);
    });

    it("shows what was said at once, as text, until the server's own entry comes", () => {
        parts.sayAtOnce("<img src=x>");
        expect(shown()).toEqual(["1", "2", "<img src=x>"]);
        expect(part(document, "log")?.querySelector("img")).toBeNull();
        expect(part(document, "quick")?.innerHTML).toBe("");
        parts.takeOver(page(["1", "2", "3"], "<button>a</button>"));
        expect(shown()).toEqual(["1", "2", "3"]);
        expect(part(document, "quick")?.innerHTML).toBe("<button>a</button>");
    });

    it("leaves a half-written text alone unless the server draws something else there", () => {
        const input = document.querySelector("input");
        parts.takeOver(page(["1", "2", "3"]));
        expect(document.querySelector("input")).toBe(input);
        parts.takeOver(page(["1", "2", "3"], "", "<button>join</button>"));
        expect(document.querySelector("input")).toBeNull();
    });

    it("takes over another menu without touching a half-written text", () => {
        const input = document.querySelector("input");
        expect(parts.menuKey()).toBe("");
        parts.takeOver(page(["1", "2"], "", "<input>", '<details data-menu="b"></details>'));
        expect(parts.menuKey()).toBe("b");
        expect(document.querySelector("input")).toBe(input);
    });

    it("keeps the focus in the chat when the pressed button goes", () => {
        document.querySelector("button")?.focus();
        parts.takeOver(page(["1", "2", "3"]));
        expect(document.activeElement).toBe(part(document, "room"));
    });

    it("says so when a page has no chat", () => {
        const other = new DOMParser().parseFromString("<p>one moment</p>", "text/html");
        expect(parts.takeOver(other)).toBe(false);
        expect(shown()).toEqual(["1", "2"]);
    });
});
