// Words of the editor, in the language that Django's catalog for scripts has.
export function say(text, values = {}) {
  const translated = window.gettext ? window.gettext(text) : text;
  return translated.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
