/** Light, dark, or as the system has it. */
const KEY = "spanwise-theme";
const THEMES = ["system", "light", "dark"];
const SIGNS = { system: "◐", light: "☀", dark: "☾" };
/** Use what was chosen last. */
export function restoreTheme() {
    apply(chosen());
}
/** Choose the next of the three. */
export function nextTheme() {
    const next = THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length] ?? "system";
    localStorage.setItem(KEY, next);
    apply(next);
}
function chosen() {
    const found = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === found) ?? "system";
}
function apply(theme) {
    document.documentElement.dataset["theme"] = theme;
    const button = document.querySelector("#theme");
    if (!button)
        return;
    button.textContent = SIGNS[theme];
    button.setAttribute("aria-label", `Theme: ${theme}; press for the next`);
    button.setAttribute("title", `Theme: ${theme} (T)`);
}
