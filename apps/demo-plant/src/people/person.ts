import { DomainError } from '@throughline/kernel'
import type { Client, CurrentSession } from '@throughline/model'
import { createClient, openSession } from '@throughline/model'

/** Somebody who works through the public API in a session of their own, as people at a station do. */
export class Person {
  readonly name: string
  /** For signing. */
  readonly proof: { readonly method: 'password'; readonly name: string; readonly password: string }
  readonly #baseUrl: string
  #client: Client | undefined
  #session: CurrentSession | undefined

  constructor(baseUrl: string, name: string, password: string) {
    this.name = name
    this.proof = { method: 'password', name, password }
    this.#baseUrl = baseUrl
  }

  /** Asks as this person; signs in before, and once more when the session is over or locked. */
  readonly ask: Client = async (operation, input, options) => {
    const client = this.#client ?? (await this.#signIn())
    try {
      return await client(operation, input, options)
    } catch (error) {
      if (!isSessionOver(error)) throw error
      return await (await this.#signIn())(operation, input, options)
    }
  }

  async id(): Promise<CurrentSession['personId']> {
    if (this.#session === undefined) await this.#signIn()
    if (this.#session === undefined)
      throw new DomainError('defect', 'demo-plant.no-session', `${this.name} is not signed in`)
    return this.#session.personId
  }

  async #signIn(): Promise<Client> {
    let cookie = ''
    const { name, password } = this.proof
    const keeping: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      return answer
    }
    this.#session = await createClient({ baseUrl: this.#baseUrl, fetch: keeping })(openSession, { name, password })
    this.#client = createClient({ baseUrl: this.#baseUrl, headers: { cookie } })
    return this.#client
  }
}

const isSessionOver = (error: unknown): boolean =>
  error instanceof DomainError && (error.kind === 'unauthenticated' || error.code === 'identity.session-locked')
