/** The chat page of the demo: loaded by webhooks/line/simulator, which knows only this script's address. */

import { LineChat } from "../chat/line-chat";

customElements.define("line-chat", LineChat);
