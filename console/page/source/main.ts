/** The beginning: pages, keys, theme. */

import { alertsPage } from "./alerts.js";
import { callsPage } from "./calls.js";
import { showHelp } from "./help.js";
import { listen } from "./keys.js";
import { promptsPage } from "./prompts.js";
import { reportsPage } from "./reports.js";
import { start } from "./router.js";
import { sessionPage, sessionsPage } from "./sessions.js";
import { nextTheme, restoreTheme } from "./theme.js";
import { tracePage } from "./trace.js";
import { tracesPage } from "./traces.js";

restoreTheme();
document.querySelector("#theme")?.addEventListener("click", nextTheme);
document.querySelector("#help")?.addEventListener("click", showHelp);
listen();
start({
  "": callsPage,
  calls: callsPage,
  traces: tracesPage,
  trace: tracePage,
  sessions: sessionsPage,
  session: sessionPage,
  prompts: promptsPage,
  reports: reportsPage,
  alerts: alertsPage,
});
