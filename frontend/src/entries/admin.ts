/** The pages of planners: what changes by itself is shown as it changes, how far a file has come,
 *  and what another budget would give. */

import { CivicLive } from "../admin/live";
import { CivicUpload } from "../admin/upload";
import { CivicBudget } from "../tally/budget";

customElements.define("civic-live", CivicLive);
customElements.define("civic-upload", CivicUpload);
customElements.define("civic-budget", CivicBudget);
