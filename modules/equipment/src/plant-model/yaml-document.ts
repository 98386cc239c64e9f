import { messageOf } from '@throughline/kernel'
import { PlantModel } from '@throughline/model'
import { holdsUnstorableText, unstorableTextProblem } from '@throughline/platform'
import type { Document } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { BadRow, ClassEntry, ConnectionEntry, Entry, ModelDocument, NodeEntry } from './document.ts'

type Path = readonly PropertyKey[]

const sections = ['classes', 'connections', 'nodes'] as const
type Section = (typeof sections)[number]

const schemas: Record<Section, z.ZodType> = {
  classes: PlantModel.shape.classes.unwrap().element,
  connections: PlantModel.shape.connections.unwrap().element,
  nodes: PlantModel.shape.nodes.unwrap().element,
}

/** One anchor may serve every node of a large plant; a bomb of nested aliases passes this at its fourth level of ten. */
const maxAliasCount = 10_000

/** What a person calls the entries of a section, and the field that names them. */
const nouns: Record<Section, { noun: string; key: string }> = {
  classes: { noun: 'class', key: 'name' },
  connections: { noun: 'connection', key: 'name' },
  nodes: { noun: 'node', key: 'path' },
}

/** Reads a model document entry by entry, so that one bad entry hides no other. */
export function readYaml(text: string): ModelDocument {
  const reading = new Reading(text)
  const classes = reading.entries<ClassEntry>('classes')
  const connections = reading.entries<ConnectionEntry>('connections')
  const nodes = reading.entries<NodeEntry>('nodes')
  return { classes, connections, nodes, badRows: reading.badRows, broken: reading.broken }
}

class Reading {
  readonly badRows: BadRow[] = []
  readonly broken = { classes: new Set<string>(), connections: new Set<string>(), nodes: new Set<string>() }
  readonly #lines = new LineCounter()
  readonly #document: Document
  readonly #content: Readonly<Record<string, unknown>>

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'error' })
    for (const fault of [...this.#document.errors, ...this.#document.warnings]) {
      this.badRows.push({
        line: this.#lineAt(fault.pos[0]),
        where: 'document',
        problem: `this is not readable as YAML (${fault.message}): correct the text here`,
      })
    }
    this.#content = this.badRows.length === 0 ? this.#read() : {}
  }

  entries<Value>(section: Section): Entry<Value>[] {
    const list = this.#content[section]
    if (list === undefined) return []
    if (!Array.isArray(list)) {
      this.#bad([section], section, `${section} must be a list: begin each entry with "-"`)
      return []
    }
    return list.flatMap((item: unknown, index) => this.#entry<Value>(section, item, index))
  }

  #entry<Value>(section: Section, item: unknown, index: number): Entry<Value>[] {
    const lineOf = (...part: (string | number)[]) => this.#lineOf([section, index, ...part])
    const parsed = schemas[section].safeParse(item)
    if (parsed.success && !holdsUnstorableText(item)) return [{ value: parsed.data as Value, lineOf }]
    const { noun, key } = nouns[section]
    const name: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, key) : undefined
    if (typeof name === 'string') this.broken[section].add(name.toLowerCase())
    const where = typeof name === 'string' ? `${noun} ${name}` : `${noun} number ${index + 1}`
    if (parsed.success) {
      this.#bad([section, index], where, unstorableTextProblem)
    } else {
      for (const issue of parsed.error.issues) this.#issue([section, index], where, issue)
    }
    return []
  }

  #issue(base: Path, where: string, issue: z.core.$ZodIssue): void {
    const place = [where, issue.path.join('.')].filter((each) => each !== '').join(': ')
    if (issue.code !== 'unrecognized_keys') {
      this.#bad([...base, ...issue.path], place, problemOf(issue))
      return
    }
    for (const key of issue.keys) {
      this.#bad([...base, ...issue.path, key], place, `"${key}" is no field here: correct its spelling, or remove it`)
    }
  }

  #read(): Readonly<Record<string, unknown>> {
    let content: unknown
    try {
      content = this.#document.toJS({ maxAliasCount })
    } catch (error) {
      this.#bad([], 'document', `${messageOf(error)}: write the content out instead of by alias`)
      return {}
    }
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      this.#bad(
        [],
        'document',
        `a model is a mapping with the keys ${sections.join(', ')}: this is ${content === null ? 'empty' : 'none'}`,
      )
      return {}
    }
    for (const key of Object.keys(content)) {
      if (sections.some((section) => section === key)) continue
      this.#bad([key], 'document', `"${key}" is none of ${sections.join(', ')}: correct its spelling, or remove it`)
    }
    return Object.fromEntries(Object.entries(content))
  }

  #bad(path: Path, where: string, problem: string): void {
    this.badRows.push({ line: this.#lineOf(path), where, problem })
  }

  /** The line of the deepest part of `path` that stands in the text. */
  #lineOf(path: Path): number {
    let node: unknown = this.#document.contents
    let offset = this.#document.contents?.range?.[0] ?? 0
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document)
      if (isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step))
        if (pair === undefined || !isScalar(pair.key)) break
        offset = pair.key.range?.[0] ?? offset
        node = pair.value
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(step)]
        if (isMap(item) || isScalar(item) || isSeq(item) || isAlias(item)) offset = item.range?.[0] ?? offset
        node = item
      } else break
    }
    return this.#lineAt(offset)
  }

  #lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line)
  }
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message
  if (issue.message.endsWith('received undefined')) return 'this field is missing: add it'
  if (issue.expected === 'string') return `${issue.message}: put it in quotes`
  return issue.message
}
