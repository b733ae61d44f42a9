/** The pages of planners: what changes by itself is shown as it changes. */

import { CivicLive } from "../admin/live";

customElements.define("civic-live", CivicLive);
