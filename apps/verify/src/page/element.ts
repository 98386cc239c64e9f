type Child = Node | string | null

/** An element with its text: what a bundle says becomes text nodes and nothing else. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  for (const child of children) if (child !== null) made.append(child)
  return made
}

/** The element of the page with this id. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page lacks #${id}`)
  return found
}

/** A list of labels and values. */
export function facts(pairs: readonly (readonly [label: string, value: Child])[]): HTMLElement {
  const list = element('dl', { class: 'facts' })
  for (const [label, value] of pairs)
    list.append(element('div', {}, element('dt', {}, label), element('dd', {}, value)))
  return list
}

/** An outline drawn in the colour of the text around it. */
export function drawing(className: string, paths: readonly string[]): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('viewBox', '0 0 48 48')
  svg.setAttribute('class', className)
  svg.setAttribute('aria-hidden', 'true')
  for (const [index, d] of paths.entries()) {
    const path = document.createElementNS(namespace, 'path')
    path.setAttribute('d', d)
    path.setAttribute('class', index === 0 ? 'shape' : 'mark')
    svg.append(path)
  }
  return svg
}

const namespace = 'http://www.w3.org/2000/svg'
