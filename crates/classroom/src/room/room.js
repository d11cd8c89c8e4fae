// Shows the room, and draws again what has changed. The address that the terminal shows has a key, which is exchanged for a
// token. The server's HTML has everything that came from learners escaped.

const TOKEN = "room-token";
const RETRY = 2000;
// A class of hundreds changes all the time.
const PAUSE = 1000;

const room = document.querySelector("#room");
const connection = document.querySelector("#connection");
const title = document.title;

class NoAccess extends Error {}

async function request(path, options = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { Authorization: `Bearer ${token}` };
  if (options.body) headers["Content-Type"] = "application/json";
  const response = await fetch(`/workbook/${path}`, { ...options, headers });
  if (response.status === 401) throw new NoAccess((await response.json()).error);
  if (!response.ok) throw new Error((await response.json()).error);
  return response.json();
}

async function exchangeKey() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!key) return;
  history.replaceState(null, "", location.pathname);
  const body = JSON.stringify({ key });
  const { token } = await request("token", { method: "POST", body });
  sessionStorage.setItem(TOKEN, token);
}

function draw(html) {
  const next = new DOMParser().parseFromString(html, "text/html").body;
  const before = new Map([...room.children].map((section) => [section.id, section]));
  const sections = [...next.children].map((section) => {
    const old = before.get(section.id);
    // What is the same stays, with what is unfolded, scrolled or selected in it.
    if (old?.dataset.html === section.outerHTML) return old;
    const html = section.outerHTML;
    const made = document.importNode(section, true);
    if (old) keepState(old, made);
    made.dataset.html = html;
    return made;
  });
  const focused = describe(document.activeElement);
  if (sections.length !== room.children.length || sections.some((section, index) => section !== room.children[index])) {
    const scrolled = [...room.querySelectorAll(".scroll")].map((one) => [
      one.getAttribute("aria-labelledby"),
      one.scrollLeft,
    ]);
    room.replaceChildren(...sections);
    for (const [caption, left] of scrolled) {
      const one = room.querySelector(`.scroll[aria-labelledby="${CSS.escape(caption)}"]`);
      if (one) one.scrollLeft = left;
    }
    if (focused) room.querySelector(focused)?.focus({ preventScroll: true });
  }
}

function keepState(old, made) {
  for (const { id } of old.querySelectorAll("details[open]")) {
    const same = made.querySelector(`#${CSS.escape(id)}`);
    if (same) same.open = true;
  }
  for (const { id } of old.querySelectorAll("input:checked")) {
    const same = made.querySelector(`#${CSS.escape(id)}`);
    if (same) same.checked = true;
  }
}

function describe(element) {
  if (!room.contains(element)) return undefined;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const { action, body } = element.dataset;
  if (action) return `[data-action="${CSS.escape(action)}"][data-body="${CSS.escape(body)}"]`;
  const parent = element.closest("[id]");
  return parent && `#${CSS.escape(parent.id)} > ${element.localName}`;
}

async function follow() {
  let seen = 0;
  for (;;) {
    try {
      const { number, asking, html } = await request(`room/since/${seen}`);
      seen = number;
      draw(html);
      say("The page shows the class as it is now.");
      document.title = asking > 0 ? `(${asking}) ${title}` : title;
      await sleep(PAUSE);
    } catch (error) {
      if (error instanceof NoAccess) {
        say(error.message);
        return;
      }
      say("The room cannot be reached. The page shows what it was last told, and tries again.");
      await sleep(RETRY);
    }
  }
}

// A screen reader says what is written here, so nothing is written again.
function say(text) {
  if (connection.textContent !== text) connection.textContent = text;
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

room.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-action]");
  if (!button) return;
  const { action, body } = button.dataset;
  button.disabled = true;
  try {
    await request(`room/${action}`, { method: "POST", body });
  } catch (error) {
    say(error.message);
  }
  button.disabled = false;
});

try {
  await exchangeKey();
  await follow();
} catch (error) {
  say(error.message);
}
