// Requests to the site's own addresses for staff. What is no answer to the question is an error with words for people.
import { say } from "./words.js";

export class RefusedRequest extends Error {}

export function token() {
  return document.querySelector("input[name='csrfmiddlewaretoken']").value;
}

export function formWith(values) {
  const form = new FormData();
  form.append("csrfmiddlewaretoken", token());
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  return form;
}

async function refusal(response) {
  const type = response.headers.get("Content-Type") || "";
  if (type.startsWith("text/plain")) return response.text();
  if (type.startsWith("application/json")) return (await response.json()).error || "";
  if (response.status === 403) return say("Your session may have ended. Save: you can sign in again, and what you typed is kept.");
  return "";
}

// The answer if it has this type of content; RefusedRequest otherwise, never a page of errors.
export async function ask(url, options, type) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RefusedRequest(say("The site does not answer. Look at your connection; what you typed is still here."));
  }
  if (response.ok && !response.redirected && (response.headers.get("Content-Type") || "").startsWith(type)) return response;
  throw new RefusedRequest((await refusal(response)) || say("Something went wrong (error {status}). What you typed is still here.", { status: response.status }));
}
