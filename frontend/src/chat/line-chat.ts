import { part, ServerParts } from "./server-parts";

const RETRY_MS = 4_000;
const ROOM_ABOVE_PX = 8;

/**
 * The room of a chat. The server draws everything; this only posts forms without leaving the page, takes over what
 * the server's next page has in addition, and waits for messages that come by themselves.
 *
 * `data-news`: answers when something new has come; `data-page`: the page of this chat.
 */
export class LineChat extends HTMLElement {
    #gone = new AbortController();
    #parts = new ServerParts(document);
    #asked = 0;
    #shown = 0;

    connectedCallback(): void {
        this.#gone = new AbortController();
        this.#parts = new ServerParts(document);
        this.addEventListener("submit", (event) => void this.#submit(event), { signal: this.#gone.signal });
        this.addEventListener("focusin", showWhole, { signal: this.#gone.signal });
        void this.#followNews();
    }

    disconnectedCallback(): void {
        this.#gone.abort();
    }

    async #submit(event: SubmitEvent): Promise<void> {
        const form = event.target;
        if (!(form instanceof HTMLFormElement)) return;
        event.preventDefault();
        const fields = new URLSearchParams();
        new FormData(form).forEach((value, name) => {
            if (typeof value === "string") fields.append(name, value);
        });
        this.#parts.sayAtOnce(form.dataset["says"] ?? fields.get("text") ?? "");
        if (form.classList.contains("say")) form.reset();
        this.#scrollToNewest();
        await this.#show({ method: "POST", body: fields }, form.action);
        this.#scrollToNewest();
    }

    /** Take over the page that a request leads to; an older answer never replaces a newer one. */
    async #show(request: RequestInit, address: string): Promise<void> {
        const turn = ++this.#asked;
        const page = await this.#fetchedPage(address, request);
        if (this.#gone.signal.aborted || turn < this.#shown) return;
        this.#shown = turn;
        if (!page || !this.#parts.takeOver(page)) location.assign(this.dataset["page"] ?? location.href);
    }

    async #fetchedPage(address: string, request: RequestInit): Promise<Document | null> {
        try {
            const answer = await fetch(address, { ...request, signal: this.#gone.signal });
            return new DOMParser().parseFromString(await answer.text(), "text/html");
        } catch {
            return null;
        }
    }

    /** One waiting request at a time, none while nobody looks. */
    async #followNews(): Promise<void> {
        const { signal } = this.#gone;
        while (!signal.aborted) {
            await untilVisible(signal);
            const status = await this.#newsStatus(signal);
            if (status === 200) await this.#showNews();
            else if (status !== 204) await pause(RETRY_MS, signal);
        }
    }

    async #newsStatus(signal: AbortSignal): Promise<number> {
        const seen = new URLSearchParams({ seen: this.#parts.newestKey(), menu: this.#parts.menuKey() });
        try {
            return (await fetch(`${this.dataset["news"] ?? ""}?${seen.toString()}`, { signal })).status;
        } catch {
            return 0;
        }
    }

    async #showNews(): Promise<void> {
        const wasAtTheEnd = this.#seesNewest();
        await this.#show({}, this.dataset["page"] ?? location.href);
        if (wasAtTheEnd) this.#scrollToNewest();
    }

    /** Whether the newest entry is in sight; who reads further up is not torn away by news. */
    #seesNewest(): boolean {
        const room = part(document, "room");
        const newest = part(document, "log")?.lastElementChild;
        if (!room || !newest) return true;
        return newest.getBoundingClientRect().top < room.getBoundingClientRect().bottom;
    }

    /**
     * Show the end of the chat, but no less than the beginning of its newest entry. The room is turned round
     * (column-reverse): its end is where it begins to scroll.
     */
    #scrollToNewest(): void {
        const room = part(document, "room");
        if (!room) return;
        room.scrollTop = 0;
        const newest = part(document, "log")?.lastElementChild;
        const above = newest ? room.getBoundingClientRect().top - newest.getBoundingClientRect().top : 0;
        if (above > 0) room.scrollTop = -above - ROOM_ABOVE_PX;
    }
}

/** A browser scrolls to what has the focus only when nothing of it shows; in a row of cards an edge often does. */
function showWhole({ target }: FocusEvent): void {
    if (target instanceof HTMLElement) target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
        const timer = setTimeout(done, ms);
        signal.addEventListener("abort", () => {
            clearTimeout(timer);
            done();
        });
    });
}

function untilVisible(signal: AbortSignal): Promise<void> {
    if (document.visibilityState === "visible") return Promise.resolve();
    return new Promise((done) => {
        document.addEventListener("visibilitychange", () => done(), { once: true, signal });
        signal.addEventListener("abort", () => done(), { once: true });
    });
}
