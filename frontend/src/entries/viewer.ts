import { CivicViewer } from "../viewer/element";

customElements.define("civic-viewer", CivicViewer);
