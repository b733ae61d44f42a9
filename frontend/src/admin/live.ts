const EVERY_MS = 3_000;
/** A slow answer means a busy server: wait this many times as long before asking again. */
const PATIENCE = 10;

/**
 * Keeps a part of the page as the server has it, for as long as the page is seen and the server says that it lives.
 *
 * `data-path`: where the part is, as `<div data-live="yes|no" data-state="…">`; `data-state`: the state that the rest
 * of the page was made for. When the state changes, the page is loaded anew, unless somebody is typing.
 * Inside: `[data-part]` is replaced, `[data-reload]` (a link for when there is no script) is hidden.
 */
export class CivicLive extends HTMLElement {
    #stop = new AbortController();
    #timer = 0;

    connectedCallback(): void {
        this.#stop = new AbortController();
        const { signal } = this.#stop;
        this.querySelector("[data-reload]")?.setAttribute("hidden", "");
        document.addEventListener("visibilitychange", () => this.#whenSeen(), { signal });
        this.#wait(EVERY_MS);
    }

    disconnectedCallback(): void {
        this.#stop.abort();
        window.clearTimeout(this.#timer);
    }

    #whenSeen(): void {
        window.clearTimeout(this.#timer);
        if (document.visibilityState === "visible") void this.#look();
    }

    #wait(milliseconds: number): void {
        window.clearTimeout(this.#timer);
        if (this.#stop.signal.aborted || document.visibilityState !== "visible") return;
        this.#timer = window.setTimeout(() => void this.#look(), milliseconds);
    }

    async #look(): Promise<void> {
        const asked = performance.now();
        const found = await this.#fetched();
        if (this.#stop.signal.aborted) return;
        if (found !== null) this.#show(found);
        if (found === null || found.dataset["live"] === "yes") {
            this.#wait(Math.max(EVERY_MS, PATIENCE * (performance.now() - asked)));
        }
    }

    async #fetched(): Promise<HTMLElement | null> {
        try {
            const answer = await fetch(this.dataset["path"] ?? "", { signal: this.#stop.signal });
            if (!answer.ok) return null;
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            return page.querySelector<HTMLElement>("[data-live]");
        } catch {
            return null;
        }
    }

    #show(found: HTMLElement): void {
        if (found.dataset["state"] !== this.dataset["state"] && !isTyping()) {
            this.#stop.abort();
            location.reload();
            return;
        }
        const part = this.querySelector("[data-part]");
        if (part === null || part.innerHTML === found.innerHTML) return;
        const unfolded = [...part.querySelectorAll("details")].map((details) => details.open);
        part.replaceChildren(...found.childNodes);
        part.querySelectorAll("details").forEach((details, index) => {
            details.open = unfolded[index] ?? false;
        });
    }
}

/** Whether somebody has begun to fill in a form: a new page would throw that away. */
export function isTyping(): boolean {
    const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
        "main textarea, main input",
    );
    return [...fields].some((field) =>
        field instanceof HTMLInputElement && field.type === "checkbox"
            ? field.checked !== field.defaultChecked
            : field.value !== field.defaultValue,
    );
}
