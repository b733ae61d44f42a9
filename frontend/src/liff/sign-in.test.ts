import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CivicLiff, type Liff } from "./sign-in";

customElements.define("civic-liff", CivicLiff);

const PAGE = `
    <civic-liff data-liff="1234-abcd">
        <form data-exchange action="/b/x/liff" method="post"><input type="hidden" name="id_token"></form>
        <p data-waiting hidden>…</p>
        <div data-otherwise>otherwise</div>
    </civic-liff>`;

let line: Liff;
const submit = vi.fn();

function hidden(part: string): boolean | undefined {
    return document.querySelector(part)?.hasAttribute("hidden");
}

async function open(page = PAGE): Promise<void> {
    const inside = document.createElement("main");
    inside.innerHTML = page;
    document.body.append(inside);
    await new Promise((done) => setTimeout(done));
}

beforeEach(() => {
    HTMLFormElement.prototype.submit = submit;
    line = {
        init: vi.fn(async () => {}),
        isLoggedIn: () => true,
        login: vi.fn(),
        getIDToken: () => "signed.by.line",
    };
    window.liff = line;
});

afterEach(() => {
    submit.mockReset();
    delete window.liff;
    document.body.innerHTML = "";
});

it("sends the id token of LINE's script with the form", async () => {
    await open();
    expect(line.init).toHaveBeenCalledWith({ liffId: "1234-abcd" });
    expect(document.querySelector<HTMLInputElement>("[name=id_token]")?.value).toBe("signed.by.line");
    expect(submit).toHaveBeenCalledOnce();
    expect([hidden("[data-waiting]"), hidden("[data-otherwise]")]).toEqual([false, true]);
});

it("asks for the login outside LINE and sends nothing", async () => {
    line.isLoggedIn = () => false;
    await open();
    expect(line.login).toHaveBeenCalledWith({ redirectUri: location.href });
    expect(submit).not.toHaveBeenCalled();
});

it.each([
    ["LINE's script has not come", () => delete window.liff],
    ["it cannot start", () => (line.init = () => Promise.reject(new Error("INIT_FAILED")))],
    ["it has no token", () => (line.getIDToken = () => null)],
])("says what to do instead when %s", async (_, happens) => {
    happens();
    await open();
    expect(submit).not.toHaveBeenCalled();
    expect([hidden("[data-waiting]"), hidden("[data-otherwise]")]).toEqual([true, false]);
});

it("only starts LINE's script where there is no form", async () => {
    await open(`<civic-liff data-liff="1234-abcd"></civic-liff>`);
    expect(line.init).toHaveBeenCalledOnce();
    expect(submit).not.toHaveBeenCalled();
});
