/** Wait until the slider rests before asking. */
const REST_MS = 250;

/**
 * A slider for the budget, beside the field that works without it: as it moves, the server counts again, the answer
 * is replaced, and the address becomes that of this budget, to be shared.
 *
 * Inside: a GET form with `input[name=budget]` and a hidden label with `input[type=range]`, and `[data-part]`, the answer.
 */
export class CivicBudget extends HTMLElement {
    #stop = new AbortController();
    #timer = 0;
    #asked = 0;

    connectedCallback(): void {
        this.#stop = new AbortController();
        const { signal } = this.#stop;
        const form = this.querySelector("form");
        const slider = this.querySelector<HTMLInputElement>("input[type=range]");
        const field = this.querySelector<HTMLInputElement>("input[name=budget]");
        if (form === null || slider === null || field === null) return;
        slider.closest("label")?.removeAttribute("hidden");
        slider.addEventListener("input", () => this.#moved(form, field, slider.value), { signal });
        field.addEventListener("change", () => (slider.value = field.value), { signal });
    }

    disconnectedCallback(): void {
        this.#stop.abort();
        window.clearTimeout(this.#timer);
    }

    #moved(form: HTMLFormElement, field: HTMLInputElement, budget: string): void {
        field.value = budget;
        window.clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => void this.#ask(form), REST_MS);
    }

    /** Only the answer to the last question is shown, in whatever order they come. */
    async #ask(form: HTMLFormElement): Promise<void> {
        const asked = ++this.#asked;
        const address = new URL(form.action, location.href);
        for (const [name, value] of new FormData(form)) {
            if (typeof value === "string") address.searchParams.set(name, value);
        }
        const found = await this.#answer(address);
        const part = this.querySelector("[data-part]");
        if (found === null || part === null || asked !== this.#asked || this.#stop.signal.aborted) return;
        part.replaceChildren(...found.childNodes);
        history.replaceState(null, "", address);
    }

    async #answer(address: URL): Promise<Element | null> {
        try {
            const answer = await fetch(address, { signal: this.#stop.signal });
            if (!answer.ok) return null;
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            return page.querySelector("civic-budget [data-part]");
        } catch {
            return null;
        }
    }
}
