import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '@throughline/kernel'
import type { Database, EmbeddedPostgres } from '@throughline/platform'
import { openDatabase, startEmbeddedPostgres } from '@throughline/platform'
import { drawsFrom } from '@throughline/testkit'
import { sql } from 'kysely'
import type { Said, Sought } from './finding.ts'
import { inWords, names } from './finding.ts'
import { Forger } from './forger.ts'
import { askProduct, askVerifier } from './judges.ts'
import type { Original } from './original.ts'
import type { Premises } from './product.ts'
import type { Deed, FileWay, TableWay, Way } from './way.ts'
import { refusals } from './way.ts'

/** What came of one tampering. */
export interface Outcome {
  readonly way: string
  readonly target: string
  /** What the product said of it; null = it did not say what was sought. */
  readonly product: string | null
  /** What the offline check said of it, or the words of why there was no bundle; null as above. */
  readonly bundle: string | null
  /** What was said instead, where something is not found. */
  readonly instead: readonly string[]
}

export const isDetected = ({ product, bundle }: Outcome): boolean => product !== null && bundle !== null

/** A database server with a copy of the original, each tampering of tables in a database of its own. */
export class Yard {
  readonly #folder: string
  readonly #original: Original
  readonly #server: EmbeddedPostgres
  readonly #administrator: Database
  #count = 0

  private constructor(folder: string, original: Original, server: EmbeddedPostgres) {
    this.#folder = folder
    this.#original = original
    this.#server = server
    // Whoever copies a database must not stand in it.
    this.#administrator = openDatabase({ ...server.connection, database: 'template1' }, { asOwner: true })
  }

  static async open(original: Original): Promise<Yard> {
    const folder = await mkdtemp(join(tmpdir(), 'throughline-yard-'))
    await cp(join(original.home, 'postgres'), join(folder, 'postgres'), { recursive: true })
    return new Yard(folder, original, await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') }))
  }

  async close(): Promise<void> {
    await this.#administrator.destroy()
    await this.#server.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Does it to a copy, and asks everybody who has to notice. The number draws the target. */
  async try(way: Way, number: number): Promise<Outcome> {
    this.#count += 1
    const own = join(this.#folder, `copy-${this.#count}`)
    try {
      return 'tamper' in way ? await this.#inTables(way, own, number) : await this.#inFiles(way, own, number)
    } catch (error) {
      // No finding, and no words of the product's own.
      const instead = [`an error: ${messageOf(error)}`]
      return { way: way.name, target: 'see the error', product: null, bundle: null, instead }
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }

  async #inTables(way: TableWay, own: string, number: number): Promise<Outcome> {
    const database = `copy_${this.#count}`
    await sql`create database ${sql.id(database)} template postgres`.execute(this.#administrator)
    try {
      await cp(join(this.#original.home, 'keys'), join(own, 'keys'), { recursive: true })
      const premises = { ...(await this.#witnessed(own)), connection: { ...this.#server.connection, database } }
      const forger = new Forger(this.#original, premises)
      const deed = await way.tamper(forger, drawsFrom(number)).finally(() => forger.leave())
      return await this.#judge(way, deed, premises, own)
    } finally {
      await sql`drop database ${sql.id(database)} with (force)`.execute(this.#administrator)
    }
  }

  async #inFiles(way: FileWay, own: string, number: number): Promise<Outcome> {
    const { home } = way.homeOf?.(this.#original) ?? this.#original
    await cp(home, own, { recursive: true })
    const deed = await way.tamperFiles(own, this.#original, drawsFrom(number))
    const server = await startEmbeddedPostgres({ dataDir: join(own, 'postgres') })
    try {
      const premises = { ...(await this.#witnessed(own)), connection: server.connection }
      return await this.#judge(way, deed, premises, own)
    } finally {
      await server.stop()
    }
  }

  /** What is handed out from here on must not reach the witness of the others. */
  async #witnessed(own: string): Promise<Pick<Premises, 'keyDir' | 'witness'>> {
    const witness = join(own, 'witness')
    await cp(this.#original.witness, witness, { recursive: true })
    return { keyDir: join(own, 'keys'), witness }
  }

  async #judge(way: Way, deed: Deed, premises: Premises, own: string): Promise<Outcome> {
    const file = deed.bundle === 'not asked' ? null : join(own, 'whole.bundle')
    const says = await askProduct(premises, this.#original, file, deed.during)
    const product = says.found.find((said) => names(said, deed.product))
    const told = { way: way.name, target: deed.target, product: product === undefined ? null : inWords(product) }
    const missed = product === undefined ? says.found.map((said) => `product: ${inWords(said)}`) : []
    if (file === null || deed.bundle === 'not asked') return { ...told, bundle: 'not asked', instead: missed }
    const { refusedBundle } = says
    const said = refusedBundle ?? (await askVerifier(file, this.#original))
    const isRight =
      refusedBundle === null ? isSought(said, deed.bundle) : deed.mayRefuse === true && refusals.includes(said.kind)
    const instead = isRight ? missed : [...missed, `bundle: ${inWords(said)}`]
    return { ...told, bundle: isRight ? inWords(said) : null, instead }
  }
}

const isSought = (said: Said, sought: Sought | 'valid'): boolean =>
  sought === 'valid' ? said.kind === 'valid' : names(said, sought)
