/** Parts of the chat that are replaced as a whole, whenever the server says something else about them. */
const REPLACED = ["friendship", "trouble", "quick", "writing", "menu"] as const;

type PartName = "room" | "log" | (typeof REPLACED)[number];

export function part(page: Document, name: PartName): HTMLElement | null {
    return page.querySelector<HTMLElement>(`[data-part="${name}"]`);
}

/**
 * What the server drew, kept up to date without redrawing it: entries that are there stay as they are (with their
 * pictures and how far they are scrolled), a text half written stays, only what is new is added.
 */
export class ServerParts {
    readonly #page: Document;
    readonly #drawn = new Map<PartName, string>();

    constructor(page: Document) {
        this.#page = page;
        for (const name of REPLACED) this.#drawn.set(name, part(page, name)?.innerHTML ?? "");
    }

    /** The key of the newest entry; empty in an empty chat. */
    newestKey(): string {
        return keyed(this.#page).at(-1)?.dataset["key"] ?? "";
    }

    /** Which menu stands below the chat; empty for none. */
    menuKey(): string {
        return this.#page.querySelector<HTMLElement>("[data-menu]")?.dataset["menu"] ?? "";
    }

    /** What was just said, until the server's own entry for it comes; suggested answers go, as in LINE. */
    sayAtOnce(text: string): void {
        if (text === "") return;
        const bubble = document.createElement("p");
        bubble.className = "bubble";
        bubble.dir = "auto";
        bubble.textContent = text;
        const entry = document.createElement("div");
        entry.className = "entry resident pending";
        entry.append(bubble);
        part(this.#page, "log")?.append(entry);
        part(this.#page, "quick")?.replaceChildren();
        this.#drawn.set("quick", "");
    }

    /** Become what the same chat is on a newer page; False when that page has no chat. */
    takeOver(fresh: Document): boolean {
        if (!part(fresh, "log")) return false;
        const hadFocus = this.#page.activeElement !== this.#page.body;
        this.#takeOverEntries(fresh);
        for (const name of REPLACED) this.#replace(name, part(fresh, name));
        if (hadFocus && this.#page.activeElement === this.#page.body) {
            part(this.#page, "room")?.focus({ preventScroll: true });
        }
        return true;
    }

    #takeOverEntries(fresh: Document): void {
        const log = part(this.#page, "log");
        const known = new Map(keyed(this.#page).map((entry) => [entry.dataset["key"], entry]));
        const wanted = keyed(fresh);
        const keys = new Set(wanted.map((entry) => entry.dataset["key"]));
        for (const entry of [...(log?.children ?? [])]) {
            if (!(entry instanceof HTMLElement) || !keys.has(entry.dataset["key"])) entry.remove();
        }
        log?.append(...wanted.filter((entry) => !known.has(entry.dataset["key"])));
    }

    #replace(name: (typeof REPLACED)[number], fresh: HTMLElement | null): void {
        const html = fresh?.innerHTML ?? "";
        if (fresh === null || html === this.#drawn.get(name)) return;
        this.#drawn.set(name, html);
        part(this.#page, name)?.replaceChildren(...fresh.childNodes);
    }
}

function keyed(page: Document): HTMLElement[] {
    return [...page.querySelectorAll<HTMLElement>("[data-key]")];
}
