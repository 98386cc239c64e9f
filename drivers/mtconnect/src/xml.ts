import { messageOf } from '@throughline/kernel'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { malformed } from './failure.ts'

/** An element without its namespace prefix: what an extension adds is read like the rest, or passed over. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // Program "0007" is a text: whoever asks for a number makes it one.
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // References are resolved below, so that no document brings entities of its own.
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: 100,
})

/**
 * The root element of a document.
 * @throws DomainError `invalid` (`mtconnect.document-malformed`): not well formed, cut off, or with a DTD
 */
export function readXml(text: string): XmlElement {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw malformed('it brings a document type of its own (DOCTYPE)')
  const verdict = XMLValidator.validate(text)
  if (verdict !== true) throw malformed(`${verdict.err.msg} (line ${verdict.err.line})`)
  let nodes: unknown
  try {
    nodes = parser.parse(text)
  } catch (error) {
    throw malformed(messageOf(error), error)
  }
  const [root, ...rest] = elementsOf(nodes)
  if (root === undefined || rest.length > 0) throw malformed('it has not one root element')
  return root
}

/** The nodes of one level as the parser gives them: `{ name: children, ':@': attributes }`, texts as `{ '#text': … }`. */
function elementsOf(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) return []
  const elements: XmlElement[] = []
  for (const node of nodes as Record<string, unknown>[]) {
    const name = Object.keys(node).find((key) => key !== ':@')
    if (name === undefined || name.startsWith('#')) continue
    const inside = node[name]
    elements.push({
      ...{ name, attributes: attributesOf(node[':@']) },
      ...{ children: elementsOf(inside), text: textOf(inside).trim() },
    })
  }
  return elements
}

function attributesOf(given: unknown): Record<string, string> {
  if (typeof given !== 'object' || given === null) return {}
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, resolved(String(value))]))
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return ''
  return (nodes as Record<string, unknown>[])
    .map((node) => {
      if ('#text' in node) return resolved(String(node['#text']))
      const [cdata] = '#cdata' in node && Array.isArray(node['#cdata']) ? node['#cdata'] : []
      return typeof cdata === 'object' ? String((cdata as Record<string, unknown>)['#text']) : ''
    })
    .join('')
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five references that XML itself knows, and characters by number; anything else is somebody's trick. */
function resolved(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[^;&\s]{0,40});?/g, (whole, name: string) => {
    const number = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    const character = name.startsWith('#') ? characterOf(number) : named[name]
    if (character === undefined || !whole.endsWith(';')) throw malformed(`${whole.slice(0, 40)} stands for nothing`)
    return character
  })
}

const characterOf = (number: number): string | undefined =>
  Number.isInteger(number) && number > 0 && number <= 0x10_ffff ? String.fromCodePoint(number) : undefined
