const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character)
}

/** ` name="value"` for each that has a value. */
export function attributesOf(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  text: string,
): string {
  return `<${name}${attributesOf(attributes)}>${escaped(text)}</${name}>`
}

/** `PATH_FEEDRATE_OVERRIDE` → `PathFeedrateOverride`: how a type becomes the name of its observations. */
export function elementName(type: string): string {
  return type
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('')
}

/** A whole document of one of the four kinds of MTConnect 2.4. */
export function printDocument(kind: string, header: Readonly<Record<string, string | number>>, body: string): string {
  const namespace = `urn:mtconnect.org:MTConnect${kind}:2.4`
  const start = `<?xml version="1.0" encoding="UTF-8"?>\n<MTConnect${kind} xmlns="${namespace}">`
  return `${start}<Header${attributesOf(header)}/>${body}</MTConnect${kind}>\n`
}
