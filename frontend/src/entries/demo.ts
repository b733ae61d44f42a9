/** /demo: three panes side by side, tabs on a phone. */

import { DemoPanes } from "../demo/demo-panes";

customElements.define("demo-panes", DemoPanes);
