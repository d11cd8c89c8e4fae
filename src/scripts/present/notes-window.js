// The window with the speaker's notes is a page of its own. It is told which lesson it is about, and how the book looks.

const THEMES = ["light", "coal", "navy"];
const STYLES = 'link[rel="stylesheet"]:is([href*="variables"], [href*="present"])';

/** Opens the window, or shows the one that is open. Gives null if the browser allows none. */
export const openNotes = (id) => {
  const address = new URL("notes.html", import.meta.url);
  const styles = [...document.querySelectorAll(STYLES)].map(({ href }) => ["style", href]);
  const theme = THEMES.find((theme) => document.documentElement.classList.contains(theme)) ?? THEMES[0];
  address.hash = new URLSearchParams([["id", id], ["theme", theme], ...styles]);
  const opened = open(address, `workbook-notes-${id}`, "popup,width=900,height=700");
  opened?.focus();
  return opened;
};
