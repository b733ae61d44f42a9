import { TabList } from "./tab-list";

const NARROW = "(max-width: 63.99rem)";

/**
 * The panes of /demo. On a wide screen they stand side by side and this does nothing; on a narrow one they become
 * tabs below a folded guide, and what a tap in one pane opens in another is brought to the front.
 *
 * `data-label`: what the tabs are called together. Panes are sections with an id, an aria-label and one iframe.
 */
export class DemoPanes extends HTMLElement {
    #gone = new AbortController();
    #tabs: TabList | null = null;

    connectedCallback(): void {
        this.#gone = new AbortController();
        const { signal } = this.#gone;
        this.#tabs = new TabList(this.#panes(), this.dataset["label"] ?? "");
        this.before(this.#tabs.element);
        const narrow = matchMedia(NARROW);
        const adapt = (): void => {
            this.#tabs?.setActive(narrow.matches);
            setGuideOpen(!narrow.matches);
        };
        narrow.addEventListener("change", adapt, { signal });
        adapt();
        for (const frame of this.querySelectorAll("iframe")) this.#watch(frame, signal);
        document.addEventListener("submit", (event) => this.#submitted(event), { signal });
    }

    disconnectedCallback(): void {
        this.#gone.abort();
        this.#tabs?.element.remove();
    }

    #panes(): HTMLElement[] {
        return [...this.querySelectorAll<HTMLElement>(":scope > section")];
    }

    /** A link in one pane that opens in another one shows that other one. */
    #watch(frame: HTMLIFrameElement, signal: AbortSignal): void {
        const listen = (): void => {
            frame.contentDocument?.addEventListener("click", (event) => {
                const link = linkAround(event.target);
                if (link) this.#bringToFront(link.target);
            });
        };
        frame.addEventListener("load", listen, { signal });
        if (frame.contentDocument?.readyState !== "loading") listen();
    }

    #submitted(event: SubmitEvent): void {
        if (event.target instanceof HTMLFormElement) this.#bringToFront(event.target.target);
    }

    #bringToFront(frameName: string): void {
        const pane = this.#panes().find((pane) => pane.querySelector("iframe")?.name === frameName);
        if (!pane) return;
        this.#tabs?.select(pane.id);
        if (matchMedia(NARROW).matches) setGuideOpen(false);
    }
}

function setGuideOpen(isOpen: boolean): void {
    document.querySelector("details.story")?.toggleAttribute("open", isOpen);
}

/** The link that was clicked in a frame. Its elements are of another window's classes, so `instanceof` says no. */
function linkAround(target: EventTarget | null): HTMLAnchorElement | null {
    return target && "closest" in target ? (target as Element).closest<HTMLAnchorElement>("a[target]") : null;
}
