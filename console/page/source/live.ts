/** Asking again and again while somebody looks. */

const INTERVAL_MS = 2_000;

/** Call `look` every two seconds until `signal` is aborted, and not while the window is hidden. Its failures are told. */
export async function follow(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(signal);
    if (signal.aborted) return;
    if (document.hidden) continue;
    try {
      await look();
      tell(true);
    } catch (error) {
      if (signal.aborted) return;
      tell(false, error instanceof Error ? error.message : "");
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, INTERVAL_MS);
    signal.addEventListener("abort", end);
  });
}

function tell(alive: boolean, reason = ""): void {
  const light = document.querySelector("#live");
  if (!light) return;
  light.textContent = alive ? "live" : "not live";
  light.setAttribute("data-alive", String(alive));
  light.setAttribute("title", alive ? "New calls appear by themselves" : reason);
}
