/** What of LINE's script is used here (https://developers.line.biz/en/reference/liff/). */
export interface Liff {
    init: (options: { liffId: string }) => Promise<void>;
    isLoggedIn: () => boolean;
    login: (options: { redirectUri: string }) => void;
    getIDToken: () => string | null;
}

declare global {
    interface Window {
        liff?: Liff;
    }
}

/**
 * Asks LINE's script who this is and sends the answer, signed by LINE, with the form inside.
 *
 * `data-liff`: the id of the LIFF app. Inside: `[data-exchange]` is the form, `[data-waiting]` is shown meanwhile
 * and `[data-otherwise]` (what to do instead) until then and when it fails. Without a form it only starts LINE's
 * script, which then leads to the page that was meant.
 */
export class CivicLiff extends HTMLElement {
    connectedCallback(): void {
        this.#wait(true);
        void this.#signIn().catch(() => this.#wait(false));
    }

    async #signIn(): Promise<void> {
        const { liff } = window;
        if (liff === undefined) throw new Error("LINE's script has not come");
        await liff.init({ liffId: this.dataset["liff"] ?? "" });
        const form = this.querySelector<HTMLFormElement>("form[data-exchange]");
        if (form === null) return;
        if (!liff.isLoggedIn()) {
            liff.login({ redirectUri: location.href });
            return;
        }
        const token = liff.getIDToken();
        const field = form.querySelector<HTMLInputElement>("[name=id_token]");
        if (token === null || field === null) throw new Error("no id token");
        field.value = token;
        form.submit();
    }

    #wait(waiting: boolean): void {
        this.querySelector("[data-waiting]")?.toggleAttribute("hidden", !waiting);
        this.querySelector("[data-otherwise]")?.toggleAttribute("hidden", waiting);
    }
}
