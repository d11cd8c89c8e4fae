// Requests to the tool's API.
import { isServed } from "../page.js";
import { Lines, NEWLINE } from "./lines.js";
import { MESSAGES, setStatus } from "./status.js";
import { key, token } from "./token.js";

// The one request that needs no token, because it asks for one.
const TOKEN = "token";

/** An error with a sentence for the reader, the status of the response (0 if there was none) and its body. */
const failure = (message, status, body = null) => Object.assign(new Error(message), { status, body });

export const request = async (method, path, body, signal) => {
  if (!isServed) throw failure(MESSAGES.lost, 0);
  const used = token.get();
  if (used === null && path !== TOKEN) {
    setStatus("locked");
    throw failure(MESSAGES.locked, 401);
  }
  const response = await send(method, path, body, used, signal);
  if (response.ok) return response;
  const answer = await response.json().catch(() => null);
  if (response.status === 401 && path !== TOKEN) {
    token.forget(used);
    if (token.get() !== null) return request(method, path, body, signal);
    setStatus("locked");
    throw failure(MESSAGES.locked, 401, answer);
  }
  const message = answer?.error ?? `The workbook answered with status ${response.status}.`;
  throw failure(message, response.status, answer);
};

const send = async (method, path, body, bearer, signal) => {
  const headers = {};
  if (path !== TOKEN) headers.Authorization = `Bearer ${bearer}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(`/workbook/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal,
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : failure(MESSAGES.lost, 0);
  }
};

/** Sends a request whose answer is JSON. */
export const call = async (method, path, body) => (await request(method, path, body)).json();

/** Sends a request whose answer has one JSON value a line, and calls `onValue` with each as it arrives. */
export const stream = async (path, body, onValue, signal) => {
  const response = await request("POST", path, body, signal);
  await eachLine(response, NEWLINE, (line) => {
    if (line.trim() !== "") onValue(JSON.parse(line));
  });
};

export const eachLine = async (response, lineEnd, onLine) => {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const read = () =>
    reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : failure(MESSAGES.lost, 0);
    });
  const lines = new Lines(lineEnd);
  try {
    for (let chunk = await read(); !chunk.done; chunk = await read()) lines.push(chunk.value).forEach(onLine);
    lines.finish().forEach(onLine);
  } finally {
    // If `onLine` throws, the rest is not read: this tells the tool to stop sending it.
    reader.cancel().catch(() => {});
  }
};

/** Exchanges the key for a token. */
export const exchangeKey = async () => {
  const sent = key.value;
  try {
    token.set((await call("POST", TOKEN, { key: sent })).token);
  } catch (error) {
    if (error.status === 0) throw error;
    // The key was exchanged before: the token from then may still be valid.
  }
  if (key.value === sent) key.value = null;
};
