// What mdBook's page has in inline scripts, which the tool's Content-Security-Policy forbids. This is a classic script
// and no module, because it has to run before the first paint, and modules run after the document has been parsed. It
// also defines the global constants that mdBook's own scripts expect.
"use strict";

const path_to_root = document.documentElement.dataset.root;
const default_light_theme = document.documentElement.dataset.lightTheme;
const default_dark_theme = document.documentElement.dataset.darkTheme;
const default_theme = matchMedia("(prefers-color-scheme: dark)").matches ? default_dark_theme : default_light_theme;

{
  const page = document.documentElement;
  const { searchIndex, searchScripts, fragments, liveReload } = page.dataset;

  window.playground_copyable = "copyable" in page.dataset;

  const read = (storage, key) => {
    try {
      return window[storage].getItem(key);
    } catch {
      return null;
    }
  };
  const saved = (key) => read("localStorage", key);
  const savedInTab = (key) => read("sessionStorage", key);

  // Another book on the same host may have saved a theme that this one does not have.
  const theme = saved("mdbook-theme");
  page.classList.remove(default_light_theme);
  page.classList.add("js", ["light", "coal", "navy"].includes(theme) ? theme : default_theme);

  // Browsers load no modules from files: such a page is for reading, and needs no room for buttons.
  const hasModules = location.protocol !== "file:" && !("print" in page.dataset);
  page.classList.toggle("interactive", hasModules);

  // A lesson goes on from page to page. Its slides are shown by a module, and the page is not seen before them.
  page.classList.toggle("resuming", hasModules && savedInTab("workbook-presenting") !== null);
  setTimeout(() => page.classList.remove("resuming"), 3000);

  const checkbox = document.getElementById("mdbook-sidebar-toggle-anchor");
  checkbox.checked = matchMedia("(min-width: 1080px)").matches && saved("mdbook-sidebar") !== "hidden";
  page.classList.toggle("sidebar-visible", checkbox.checked);

  // book.js listens to this button too and expects the checkbox in its old state; listeners of the document run later.
  document.addEventListener("click", (event) => {
    if (event.target.closest("#mdbook-sidebar-toggle")) {
      checkbox.click();
    }
  });

  // book.js sets an empty handler, with which no page could be in the browser's back/forward cache.
  Object.defineProperty(window, "onunload", { set() {} });

  // book.js turns the page on these keys, whichever element has the focus. Its listener is on the document too, and
  // was added after this one.
  document.addEventListener("keydown", (event) => {
    if (["ArrowLeft", "ArrowRight"].includes(event.key) && event.target !== document.body) {
      event.stopImmediatePropagation();
    }
  });

  // Makes whatever is wider than the page scrollable by keyboard.
  const makeWideBlocksFocusable = () => {
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
    }
  };

  // Without the lines that the page hides, which book.js leaves out, a copied program does not compile.
  const copyWholePrograms = () => {
    window.playground_text = (block) => block.querySelector("code").textContent;
    for (const button of document.querySelectorAll("pre:has(.boring) .clip-button")) {
      button.title = "Copy the program, with its hidden lines";
      button.setAttribute("aria-label", button.title);
    }
  };

  // book.js marks the chosen theme with a class, which screen readers do not see.
  const exposeTheme = () => {
    const list = document.getElementById("mdbook-theme-list");
    const update = () => {
      for (const button of list.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button.classList.contains("theme-selected")));
      }
    };
    update();
    new MutationObserver(update).observe(list, { subtree: true, attributeFilter: ["class"] });
  };

  // The book's own search is a module. Where there are none, mdBook's search takes its place.
  const addMdbookSearch = () => {
    window.path_to_searchindex_js = searchIndex;
    for (const address of searchScripts.split(" ")) {
      const script = document.createElement("script");
      script.async = false;
      script.src = address;
      document.head.append(script);
    }
    exposeExcerpts();
    openOnEveryKeyboard();
  };

  // searcher.js knows neither a capital S nor a `/` that needs Shift.
  const openOnEveryKeyboard = () => {
    const toggle = document.getElementById("mdbook-search-toggle");
    document.addEventListener("keydown", (event) => {
      const isUnknown = event.key === "S" || (event.key === "/" && event.shiftKey);
      const isTyped = event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select");
      if (!isUnknown || isTyped || toggle.getAttribute("aria-expanded") === "true") return;
      event.preventDefault();
      toggle.click();
    });
  };

  // searcher.js labels every excerpt "Search Result Teaser", which screen readers read in place of its text.
  const exposeExcerpts = () => {
    const results = document.getElementById("mdbook-searchresults");
    new MutationObserver(() => {
      for (const excerpt of results.querySelectorAll(".teaser")) {
        excerpt.removeAttribute("aria-label");
      }
    }).observe(results, { childList: true });
  };

  // mdBook's printer icon is a link to a page of the whole book.
  const printThisPage = () => {
    document.getElementById("workbook-print").addEventListener("click", () => print());
  };

  document.addEventListener("DOMContentLoaded", () => {
    page.classList.add("complete");
    document.getElementById("mdbook-sidebar-toggle").setAttribute("aria-expanded", String(checkbox.checked));
    copyWholePrograms();
    exposeTheme();
    printThisPage();
    makeWideBlocksFocusable();
    if (searchIndex && !hasModules) {
      addMdbookSearch();
    }
  });

  if (fragments) {
    const target = JSON.parse(fragments)[location.hash];
    if (target) {
      location.replace(new URL(target, location.href));
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
