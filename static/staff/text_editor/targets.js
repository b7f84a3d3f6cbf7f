// Which addresses a text may hold: the same rules as education/markdown/link_targets.py, which decides in the end.
const FORMS = [
  /^https?:\/\/[^\x00-\x20\x7f\\/?#@]+(?:[/?#][^\x00-\x20\x7f\\]*)?$/i,
  /^(?:mailto|tel):[^\x00-\x20\x7f\\]+$/i,
  /^(?:\/(?!\/)|#)[^\x00-\x20\x7f\\]*$/,
];
const UPLOADED = /^\/media(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

export function isAllowedTarget(target) {
  return FORMS.some((form) => form.test(target));
}

export function isUploadedPicture(source) {
  return UPLOADED.test(source);
}

// The address of a page of this site without the site, so that it holds on any host.
export function withoutOwnSite(target) {
  const own = window.location.origin;
  return target.startsWith(own + "/") ? target.slice(own.length) : target;
}
