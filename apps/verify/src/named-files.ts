import type { ChangeLeaf } from './leaf.ts'
import type { SeenLeaf } from './leaves.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { isObject } from './strict-json.ts'

/** A file that came beside a bundle. */
export interface GivenFile {
  name: string
  /** Hex. */
  sha256: string
}

/** Where a sealed record names a file by its hash. */
export interface Mention {
  sha256: string
  /** `<kind> <id>`. */
  record: string
  /** `execution.step_entry: value.blob`. */
  field: string
  place: number
  at: number
}

export interface FileAnswer extends GivenFile {
  /** `named` = a sealed record names a file of just these bytes. */
  verdict: 'named' | 'unknown'
  /** The first few. */
  mentions: Mention[]
}

export interface FilesVerdict {
  verdict: 'valid' | 'unknown'
  files: FileAnswer[]
  /** Files that the bundle names and nobody gave, each once. */
  notGiven: Mention[]
}

const mostMentions = 5
const mostNotGiven = 50
const isSha256 = /^[0-9a-f]{64}$/

/**
 * Gathers, out of the leaves of a bundle, where files are named by their hash: any field that holds the hash of a given one,
 * and of the others those fields by which the product names files.
 */
export class NamedFiles {
  readonly #given: readonly GivenFile[]
  readonly #wanted: ReadonlySet<string>
  readonly #mentions = new Map<string, Mention[]>()

  constructor(given: readonly GivenFile[] = []) {
    this.#given = given
    this.#wanted = new Set(given.map(({ sha256 }) => sha256))
  }

  take({ leaf, fits, place }: SeenLeaf): void {
    if (!fits || leaf?.type !== 'change') return
    for (const { table, after } of leaf.rows) if (after !== null) this.#walk(after, table, '', leaf, place)
  }

  /** How many files the bundle names. */
  get count(): number {
    return this.#mentions.size
  }

  verdict(): FilesVerdict {
    const files = this.#given.map((file): FileAnswer => {
      const mentions = this.#mentions.get(file.sha256) ?? []
      return { ...file, verdict: mentions.length > 0 ? 'named' : 'unknown', mentions }
    })
    const notGiven = [...this.#mentions].flatMap(([sha256, [first]]) =>
      this.#wanted.has(sha256) || first === undefined ? [] : [first],
    )
    const isValid = files.every((file) => file.verdict === 'named')
    return { verdict: isValid ? 'valid' : 'unknown', files, notGiven: notGiven.slice(0, mostNotGiven) }
  }

  #walk(value: Json, table: string, path: string, leaf: ChangeLeaf, place: number): void {
    if (typeof value === 'string') {
      if (value.length !== 64 || !isSha256.test(value)) return
      if (!this.#wanted.has(value) && !namesFile(table, path)) return
      const known = this.#mentions.get(value) ?? []
      this.#mentions.set(value, known)
      if (known.length >= mostMentions) return
      const { record, at } = leaf
      known.push({ sha256: value, record: `${record.kind} ${record.id}`, field: `${table}: ${path}`, place, at })
    } else if (Array.isArray(value)) for (const each of value) this.#walk(each, table, path, leaf, place)
    else if (isObject(value)) this.#walkFields(value, table, path, leaf, place)
  }

  #walkFields(value: JsonObject, table: string, path: string, leaf: ChangeLeaf, place: number): void {
    for (const name of Object.keys(value))
      this.#walk(value[name] as Json, table, path === '' ? name : `${path}.${name}`, leaf, place)
  }
}

/** Photos, originals, certificates and programs; other fields hold hashes of records and readings. */
const namesFile = (table: string, path: string): boolean =>
  /(^|[._])(blob|document|program\.sha256)$/.test(path) || (table === 'execution.media' && path === 'hash')
