// The styles of Present, which a page loads when it begins.

const { presentStyle } = document.documentElement.dataset;
let loaded = null;

export const loadStyle = () => {
  loaded ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: presentStyle });
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      link.remove();
      loaded = null;
      reject(new Error(`${presentStyle} could not be loaded.`));
    });
    document.head.append(link);
  });
  return loaded;
};
