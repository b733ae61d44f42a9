/** The pages of planners: what changes by itself is shown as it changes, and how far a file has come. */

import { CivicLive } from "../admin/live";
import { CivicUpload } from "../admin/upload";

customElements.define("civic-live", CivicLive);
customElements.define("civic-upload", CivicUpload);
