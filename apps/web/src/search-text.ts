/**
 * The search part of an address as plain text: `?tags=a,b&last=8h`, without JSON and with commas and colons as they are,
 * so that a person can read and write it. A name given twice keeps its last value.
 */
export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function writeSearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  if (pairs.length === 0) return ''
  return `?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`).join('&')}`
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
