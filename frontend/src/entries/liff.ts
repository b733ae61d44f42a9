/** /b/{ballot}/liff: from LINE's id token to the voting form. */

import { CivicLiff } from "../liff/sign-in";

customElements.define("civic-liff", CivicLiff);
