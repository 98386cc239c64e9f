import { DomainError } from '@throughline/kernel'
import type { Ask, Database, Platform } from '@throughline/platform'
import type { OutsidePerson } from '../outside-person/admit.ts'
import { withdrawRoles } from '../outside-person/admit.ts'
import { grantsNow } from '../outside-person/mapping.ts'
import { findKind, findOutsideIdentity } from '../outside-person/store.ts'
import { findPersonByName } from '../person/store.ts'
import { RateLimit } from '../single-sign-on/rate-limit.ts'
import type { Directory, DirectoryEntry } from './directory.ts'
import { normalMappings } from './mapping.ts'

/** Names and passwords behind a gate that slows guessing down, and a check of no hash that takes as long as one. */
interface PasswordGate {
  readonly gate: {
    attempt<Right>(
      name: string,
      origin: string | null,
      now: Ask['at'],
      check: () => Promise<Right | undefined>,
    ): Promise<Right | undefined>
  }
  isPassword(password: string, passwordHash: string | null): Promise<boolean>
}

/** What the directory has to do with a name and a password that somebody gave. */
export type DirectoryAnswer =
  /** The name is a local one; `down`: what anybody else would hear now, so that the answer does not tell the two apart. */
  | { readonly proves: 'elsewhere'; readonly down?: DomainError }
  | { readonly proves: 'here'; readonly outside: OutsidePerson | undefined }

/** For signatures and step-up: whether this is the person's password in the directory. False for everybody else. */
export async function isDirectoryPassword(
  db: Database,
  directory: Directory | undefined,
  personId: string,
  name: string,
  password: string,
): Promise<boolean> {
  const identity = await findOutsideIdentity(db, personId)
  if (directory === undefined || identity?.source !== `ldap:${directory.settings.name}`) return false
  const entry = await directory.prove(name, password)
  return entry?.subject === identity.subject
}

/** Proves people by the directory, with the same care as by a password that is kept here. */
export class DirectorySignIn {
  readonly #platform: Platform
  readonly #directory: Directory | undefined
  readonly #prover: PasswordGate
  readonly #decoys = new RateLimit(30)

  constructor(platform: Platform, directory: Directory | undefined, prover: PasswordGate) {
    this.#platform = platform
    this.#directory = directory
    this.#prover = prover
  }

  /**
   * Asks the directory about a sign-in, before its transaction. A name that a person of this plant has is theirs alone;
   * the directory is then asked the same questions about nobody, for an answer must not tell whose name it is.
   * @throws DomainError `unavailable` when the directory would have to say who this is, and does not answer
   */
  async ask({ actor, at }: Ask, name: string, password: string): Promise<DirectoryAnswer> {
    const directory = this.#directory
    if (directory === undefined) return { proves: 'elsewhere' }
    const known = await findPersonByName(this.#platform.db, name)
    const kind = known === undefined ? 'directory' : await findKind(this.#platform.db, known.person.id)
    if (kind !== 'directory') return await this.#askAboutNobody(directory, name, actor.origin, at)
    const entry = await this.#prover.gate.attempt(name, actor.origin, at, async () => {
      const [found] = await Promise.all([directory.prove(name, password), this.#prover.isPassword(password, null)])
      return found
    })
    return { proves: 'here', outside: entry && (await this.#outsidePerson(directory, entry)) }
  }

  async #askAboutNobody(
    directory: Directory,
    name: string,
    origin: string | null,
    at: Ask['at'],
  ): Promise<DirectoryAnswer> {
    try {
      this.#decoys.assertWithin(origin, at)
      await directory.prove(name, null)
      return { proves: 'elsewhere' }
    } catch (error) {
      const isDown = error instanceof DomainError && error.kind === 'unavailable'
      return isDown ? { proves: 'elsewhere', down: error } : { proves: 'elsewhere' }
    }
  }

  async #outsidePerson(directory: Directory, entry: DirectoryEntry): Promise<OutsidePerson> {
    const { label, roles } = directory.settings
    const { source, subject, name, printedName, groups } = entry
    const grants = await grantsNow(this.#platform, groups, normalMappings(roles))
    if (grants.length === 0) await withdrawRoles(this.#platform, source, subject)
    return { kind: 'directory', source, subject, label, name, printedName, grants }
  }
}
