/** Ask the browser to keep the reading pages, once there is nothing better to do. */

import { OFFLINE } from "./dom";

const PATIENCE_MS = 4000;

if ("serviceWorker" in navigator && !OFFLINE) {
  addEventListener("load", () => {
    const register = () => void navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
    if ("requestIdleCallback" in window) setTimeout(() => requestIdleCallback(register), PATIENCE_MS / 2);
    else setTimeout(register, PATIENCE_MS);
  });
}
