import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf, plusMs } from '@throughline/kernel'
import type { Entry } from 'ldapts'
import { AndFilter, Client, EqualityFilter, InvalidCredentialsError, NoSuchObjectError, OrFilter } from 'ldapts'
import type { Logger } from 'pino'
import { allGroups, isAccountDisabled } from './rules.ts'
import type { DirectorySettings } from './settings.ts'

/** What the directory says of somebody whose password was right. */
export interface DirectoryEntry {
  readonly source: string
  readonly subject: string
  readonly name: string
  readonly printedName: string
  /** Names of all groups, in their normal form, those by way of other groups among them. */
  readonly groups: ReadonlySet<string>
}

/** A directory that hangs is left alone for a while: people of this plant must not wait for it at each sign-in. */
const leftAloneMs = 10_000

/** Asks an LDAP directory who somebody is. Each question has connections of its own: a bind belongs to one person. */
export class Directory {
  readonly settings: DirectorySettings
  readonly #clock: Clock
  readonly #log: Logger
  #silence: { readonly error: DomainError; readonly until: Instant } | undefined

  constructor(settings: DirectorySettings, clock: Clock, log: Logger) {
    this.settings = settings
    this.#clock = clock
    this.#log = log.child({ part: 'directory', directory: settings.name })
  }

  /**
   * Whose name and password these are. Undefined when there is no such person, the password is wrong or the account is
   * disabled there: all three after the same questions. Without a password (null: the name is for somebody else to
   * prove) the same questions are asked and the answer is undefined.
   * @throws DomainError `unavailable` when the directory does not answer
   */
  async prove(name: string, password: string | null): Promise<DirectoryEntry | undefined> {
    // A bind with an empty password succeeds as nobody in particular (RFC 4513, 5.1.2).
    if (password === '') return undefined
    const entry = await this.#asBinder((client) => this.#findPerson(client, name))
    const isUsable = entry !== undefined && password !== null && !isAccountDisabled(textIn(entry, 'userAccountControl'))
    const dn = isUsable ? entry.dn : `cn=${randomBytes(9).toString('hex')},${this.settings.base}`
    const isRight = await this.#isPasswordOf(dn, isUsable ? password : randomBytes(9).toString('hex'))
    if (!isUsable || !isRight) return undefined
    const groups = await this.#asBinder((client) => this.#groupsOf(client, entry))
    const subject = idIn(entry, this.settings.idAttribute)
    if (subject === undefined) {
      throw new DomainError(
        'unavailable',
        'identity.directory-id-missing',
        `${this.settings.label} gives no ${this.settings.idAttribute} of ${name}: check "idAttribute" in the settings`,
      )
    }
    const printedName = textIn(entry, this.settings.printedNameAttribute) ?? name
    return { source: `ldap:${this.settings.name}`, subject, name, printedName: printedName.slice(0, 120), groups }
  }

  async #findPerson(client: Client, name: string): Promise<Entry | undefined> {
    const { base, nameAttribute, idAttribute, printedNameAttribute, objectClass } = this.settings
    const { searchEntries } = await client.search(base, {
      // The name stands in the filter as a value, never as a text that is read again: nothing in it is a wildcard.
      filter: new AndFilter({
        filters: [
          new EqualityFilter({ attribute: 'objectClass', value: objectClass }),
          new EqualityFilter({ attribute: nameAttribute, value: name }),
        ],
      }),
      attributes: [nameAttribute, idAttribute, printedNameAttribute, 'userAccountControl', 'memberOf'],
      explicitBufferAttributes: ['objectGUID'],
      sizeLimit: 2,
    })
    // Two people of one name: neither of them can be meant.
    return searchEntries.length === 1 ? searchEntries[0] : undefined
  }

  async #groupsOf(client: Client, person: Entry): Promise<Set<string>> {
    const { groups } = this.settings
    if (groups.by === 'memberOf') {
      return await allGroups(textsIn(person, 'memberOf'), async (ring) => {
        const above = await Promise.all(ring.map((dn) => this.#memberOf(client, dn)))
        return above.flat()
      })
    }
    const holding = async (members: readonly string[]): Promise<string[]> => {
      const { searchEntries } = await client.search(groups.base, {
        filter: new OrFilter({
          filters: members.map((value) => new EqualityFilter({ attribute: groups.memberAttribute, value })),
        }),
        attributes: ['1.1'],
      })
      return searchEntries.map(({ dn }) => dn)
    }
    return await allGroups(await holding([person.dn]), holding)
  }

  async #memberOf(client: Client, dn: string): Promise<string[]> {
    try {
      const { searchEntries } = await client.search(dn, { scope: 'base', attributes: ['memberOf'] })
      return searchEntries.flatMap((entry) => textsIn(entry, 'memberOf'))
    } catch (error) {
      // A group that the account may not see gives nothing further.
      if (error instanceof NoSuchObjectError) return []
      throw error
    }
  }

  async #asBinder<Answer>(ask: (client: Client) => Promise<Answer>): Promise<Answer> {
    return await this.#connected(async (client) => {
      await client.bind(this.settings.bindDn, this.settings.bindPassword)
      return await ask(client)
    })
  }

  async #isPasswordOf(dn: string, password: string): Promise<boolean> {
    return await this.#connected(async (client) => {
      try {
        await client.bind(dn, password)
        return true
      } catch (error) {
        if (error instanceof InvalidCredentialsError || error instanceof NoSuchObjectError) return false
        throw error
      }
    })
  }

  async #connected<Answer>(ask: (client: Client) => Promise<Answer>): Promise<Answer> {
    if (this.#silence !== undefined && this.#clock.now() < this.#silence.until) throw this.#silence.error
    const { url, startTls, ca, timeoutMs, label } = this.settings
    const { hostname } = new URL(url)
    const tlsOptions = { minVersion: 'TLSv1.2' as const, ...(ca === null ? {} : { ca }) }
    const secure = url.startsWith('ldaps:')
    const client = new Client({ url, timeout: timeoutMs, connectTimeout: timeoutMs, ...(secure ? { tlsOptions } : {}) })
    try {
      if (startTls) {
        const named = isIP(hostname) === 0 ? { servername: hostname } : {}
        await client.startTLS({ ...tlsOptions, host: hostname, ...named })
      }
      return await ask(client)
    } catch (error) {
      if (error instanceof DomainError) throw error
      this.#log.warn(
        { reason: messageOf(error), kind: (error as Error).name },
        'the directory did not answer as it should',
      )
      const silence = new DomainError(
        'unavailable',
        'identity.directory-unavailable',
        `${label} does not answer: people of this plant can still sign in, others try again later`,
        {},
        error,
      )
      this.#silence = { error: silence, until: plusMs(this.#clock.now(), leftAloneMs) }
      throw silence
    } finally {
      await client.unbind().catch(() => undefined)
    }
  }
}

function textsIn(entry: Entry, attribute: string): string[] {
  const key = Object.keys(entry).find((each) => each.toLowerCase() === attribute.toLowerCase())
  const value = key === undefined ? [] : entry[key]
  return [value ?? []]
    .flat()
    .map(String)
    .filter((text) => text !== '')
}

const textIn = (entry: Entry, attribute: string): string | undefined => textsIn(entry, attribute)[0]

function idIn(entry: Entry, attribute: string): string | undefined {
  const value = [entry[attribute] ?? []].flat()[0]
  if (Buffer.isBuffer(value)) return value.length === 0 ? undefined : value.toString('hex')
  return value === undefined || value === '' ? undefined : value
}
