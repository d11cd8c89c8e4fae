// mdBook's classic scripts that are loaded when they are needed.

const loading = new Map();

/**
 * Loads a script, unless it has been loaded already. If it cannot be loaded, rejects with this message, and requests it
 * again the next time, when there may be a connection.
 */
export const loadScript = (address, failure) => {
  if (!loading.has(address)) {
    const loaded = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => {
        loading.delete(address);
        script.remove();
        reject(new Error(failure));
      });
      document.head.append(script);
    });
    loading.set(address, loaded);
  }
  return loading.get(address);
};
