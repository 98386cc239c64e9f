/** How the n-th trace of a chart is drawn: four hues solid, then the same four dashed; more than eight repeat. */
export function traceStyle(index: number): { readonly variable: string; readonly dashed: boolean } {
  return { variable: `--tl-trace-${(index % 4) + 1}`, dashed: index % 8 >= 4 }
}

/** The value of a colour token where `element` stands; a canvas cannot read CSS variables by itself. */
export function tokenOf(element: Element, variable: string): string {
  return getComputedStyle(element).getPropertyValue(variable).trim() || '#808080'
}

/** `#rgb` or `#rrggbb` with an opacity of 0 to 1, as a canvas takes it. */
export function withOpacity(hex: string, opacity: number): string {
  const digits = hex.replace('#', '')
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
  const channels = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16))
  return channels.some(Number.isNaN) ? hex : `rgba(${channels.join(', ')}, ${opacity})`
}
