const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
    ArrowRight: (at, count) => (at + 1) % count,
    ArrowLeft: (at, count) => (at + count - 1) % count,
    Home: () => 0,
    End: (_, count) => count - 1,
};

/**
 * Tabs over sections that stand on the page already (WAI-ARIA tabs pattern, with automatic activation). Inactive, it
 * is not there and all sections are shown.
 */
export class TabList {
    readonly element = document.createElement("div");
    readonly #panes: readonly HTMLElement[];
    readonly #tabs: readonly HTMLButtonElement[];
    #selected = 0;
    #isActive = false;

    constructor(panes: readonly HTMLElement[], label: string) {
        this.#panes = panes;
        this.#tabs = panes.map((pane, at) => this.#tabFor(pane, at));
        this.element.className = "pane-tabs";
        this.element.setAttribute("role", "tablist");
        this.element.setAttribute("aria-label", label);
        this.element.append(...this.#tabs);
        this.element.addEventListener("keydown", (event) => this.#move(event));
    }

    /** Be tabs, or let all panes be seen. */
    setActive(isActive: boolean): void {
        this.#isActive = isActive;
        this.#draw();
    }

    /** Show the pane with this id. */
    select(id: string): void {
        const at = this.#panes.findIndex((pane) => pane.id === id);
        if (at < 0) return;
        this.#selected = at;
        this.#draw();
    }

    #tabFor(pane: HTMLElement, at: number): HTMLButtonElement {
        const tab = document.createElement("button");
        tab.type = "button";
        tab.id = `tab-${pane.id}`;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", pane.id);
        tab.textContent = pane.getAttribute("aria-label");
        tab.addEventListener("click", () => this.select(this.#panes[at]?.id ?? ""));
        return tab;
    }

    #move(event: KeyboardEvent): void {
        const target = MOVES[event.key]?.(this.#selected, this.#tabs.length);
        if (target === undefined) return;
        event.preventDefault();
        this.#selected = target;
        this.#draw();
        this.#tabs[target]?.focus();
    }

    #draw(): void {
        this.element.hidden = !this.#isActive;
        this.#tabs.forEach((tab, at) => {
            tab.setAttribute("aria-selected", String(at === this.#selected));
            tab.tabIndex = at === this.#selected ? 0 : -1;
        });
        this.#panes.forEach((pane, at) => {
            pane.hidden = this.#isActive && at !== this.#selected;
            if (this.#isActive) pane.setAttribute("role", "tabpanel");
            else pane.removeAttribute("role");
        });
    }
}
