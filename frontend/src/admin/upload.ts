/** How much of a file must be there to be worth showing how far it is. */
const LARGE_BYTES = 300_000;

/**
 * Shows how far a large file has come while its form is sent, and then that the server is checking it.
 *
 * Around a form; the answer takes the place of the page, just as it would without a script. `data-sending`,
 * `data-checking` and `data-failed` are the words.
 */
export class CivicUpload extends HTMLElement {
    #stop = new AbortController();

    connectedCallback(): void {
        this.#stop = new AbortController();
        this.addEventListener("submit", (event) => this.#send(event), { signal: this.#stop.signal });
    }

    disconnectedCallback(): void {
        this.#stop.abort();
    }

    #send(event: SubmitEvent): void {
        const form = event.target;
        if (!(form instanceof HTMLFormElement) || !hasLargeFile(form)) return;
        event.preventDefault();
        const address = addressOf(form);
        const progress = this.#shown(form);
        const request = new XMLHttpRequest();
        request.upload.addEventListener("progress", ({ loaded, total }) => progress.reach(loaded, total));
        request.addEventListener("load", () => show(request, address));
        request.addEventListener("error", () => progress.fail());
        request.open("POST", address);
        request.send(new FormData(form, event.submitter));
    }

    #shown(form: HTMLFormElement): Progress {
        this.querySelector("[data-upload]")?.remove();
        const progress = new Progress(form, this.dataset);
        form.append(progress.element);
        progress.element.scrollIntoView({ block: "nearest" });
        return progress;
    }
}

/** The bar and its words; while it is there, the form's buttons rest. */
class Progress {
    readonly element = document.createElement("p");
    readonly #bar = document.createElement("progress");
    readonly #words = document.createElement("span");
    readonly #buttons: HTMLButtonElement[];
    readonly #says: DOMStringMap;

    constructor(form: HTMLFormElement, says: DOMStringMap) {
        this.#says = says;
        this.#buttons = [...form.querySelectorAll("button")];
        this.#buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
        this.element.dataset["upload"] = "";
        this.element.setAttribute("role", "status");
        this.#bar.max = 1;
        this.#words.textContent = says["sending"] ?? "";
        this.element.append(this.#bar, " ", this.#words);
    }

    reach(loaded: number, total: number): void {
        this.#bar.value = total > 0 ? loaded / total : 0;
        if (loaded < total) return;
        this.#bar.removeAttribute("value");
        this.#words.textContent = this.#says["checking"] ?? "";
    }

    fail(): void {
        this.#bar.remove();
        this.#words.textContent = this.#says["failed"] ?? "";
        this.#buttons.forEach((button) => button.removeAttribute("aria-disabled"));
    }
}

/** Where a form is sent. Not its `action`: a button of that name stands in its place. */
export function addressOf(form: HTMLFormElement): string {
    return new URL(form.getAttribute("action") ?? "", location.href).href;
}

export function hasLargeFile(form: HTMLFormElement): boolean {
    const files = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].flatMap((input) => [
        ...(input.files ?? []),
    ]);
    return files.some((file) => file.size >= LARGE_BYTES);
}

/** Where the server has led to, or else what it answered, in the place of the page. */
function show(request: XMLHttpRequest, asked: string): void {
    if (request.responseURL !== "" && request.responseURL !== asked) {
        location.assign(request.responseURL);
        return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    window.scrollTo(0, 0);
}
