// Light, dark, or as the device says; kept in this browser only.
export type Theme = "system" | "light" | "dark";
const key = "postern-theme";

export function theme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme(): void {
  const wanted = theme();
  if (wanted === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}

export function nextTheme(): Theme {
  const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
  localStorage.setItem(key, next[theme()]);
  applyTheme();
  return theme();
}
