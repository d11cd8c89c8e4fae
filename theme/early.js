// What mdBook's page has in inline scripts: it runs before the first paint, and before mdBook's own scripts,
// which take the constants below from here.
"use strict";

const path_to_root = document.documentElement.dataset.root;
const default_light_theme = document.documentElement.dataset.lightTheme;
const default_dark_theme = document.documentElement.dataset.darkTheme;
const default_theme = matchMedia("(prefers-color-scheme: dark)").matches
  ? default_dark_theme
  : default_light_theme;

{
  const page = document.documentElement;
  const { searchIndex, fragments, liveReload } = page.dataset;

  window.path_to_searchindex_js = searchIndex;
  window.playground_copyable = "copyable" in page.dataset;

  const saved = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  // Another book of this host may have saved a theme that this one does not offer.
  const theme = saved("mdbook-theme");
  page.classList.remove(default_light_theme);
  page.classList.add("js", ["light", "coal", "navy"].includes(theme) ? theme : default_theme);

  const checkbox = document.getElementById("mdbook-sidebar-toggle-anchor");
  checkbox.checked =
    matchMedia("(min-width: 1080px)").matches && saved("mdbook-sidebar") !== "hidden";
  page.classList.toggle("sidebar-visible", checkbox.checked);

  // book.js listens at the button as well, and has to see the checkbox as it was. The document comes later.
  document.addEventListener("click", (event) => {
    if (event.target.closest("#mdbook-sidebar-toggle")) {
      checkbox.click();
    }
  });

  // book.js sets an empty handler, which would keep every page out of the cache for going back.
  Object.defineProperty(window, "onunload", { set() {} });

  // What is wider than the page can be scrolled by keyboard, and the arrow keys do not turn the page there.
  const scrollInPlace = () => {
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        if (target.scrollWidth > target.clientWidth) {
          target.tabIndex = 0;
        } else {
          target.removeAttribute("tabindex");
        }
      }
    });
    for (const wide of document.querySelectorAll("main pre > code, main .table-wrapper")) {
      observer.observe(wide);
      wide.addEventListener("keydown", (event) => {
        if (event.target === wide && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
          event.stopPropagation();
        }
      });
    }
  };

  // book.js marks the chosen theme with a class, which only eyes can see.
  const sayTheme = () => {
    const list = document.getElementById("mdbook-theme-list");
    const say = () => {
      for (const button of list.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button.classList.contains("theme-selected")));
      }
    };
    say();
    new MutationObserver(say).observe(list, { subtree: true, attributeFilter: ["class"] });
  };

  // searcher.js names every excerpt "Search Result Teaser", which is then read in place of its text.
  const readExcerpts = () => {
    const results = document.getElementById("mdbook-searchresults");
    new MutationObserver(() => {
      for (const excerpt of results.querySelectorAll(".teaser")) {
        excerpt.removeAttribute("aria-label");
      }
    }).observe(results, { childList: true });
  };

  document.addEventListener("DOMContentLoaded", () => {
    page.classList.add("complete");
    document
      .getElementById("mdbook-sidebar-toggle")
      .setAttribute("aria-expanded", String(checkbox.checked));
    sayTheme();
    scrollInPlace();
    if (searchIndex) {
      readExcerpts();
    }
  });

  if (fragments) {
    const elsewhere = JSON.parse(fragments)[location.hash];
    if (elsewhere) {
      location.replace(new URL(elsewhere, location.href));
    }
  }

  if (liveReload) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/${liveReload}`);
    socket.addEventListener("message", ({ data }) => {
      if (data === "reload") {
        socket.close();
        location.reload();
      }
    });
    addEventListener("beforeunload", () => socket.close());
  }

  if ("print" in page.dataset) {
    addEventListener("load", () => setTimeout(print, 100));
  }
}
