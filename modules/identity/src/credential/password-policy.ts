import type { BreachedList } from './breached-list.ts'
import { passwordTooEasy, weaknessOf } from './rules.ts'

/** Whose password it is to be. */
interface Owner {
  readonly name: string
  readonly printedName: string
}

/** Decides which passwords people may choose (NIST SP 800-63B-4, 3.1.1.2): length and surprise, nothing about kinds of characters. */
export class PasswordPolicy {
  readonly #breached: BreachedList
  readonly #plantWords: () => Promise<readonly string[]>

  constructor(breached: BreachedList, plantWords: () => Promise<readonly string[]>) {
    this.#breached = breached
    this.#plantWords = plantWords
  }

  /** @throws DomainError `invalid` (`identity.password-obvious`) that says which rule it broke and what helps */
  async assertAcceptable(password: string, owner: Owner): Promise<void> {
    const known = { person: [owner.name, owner.printedName], plant: await this.#plantWords() }
    const weakness = weaknessOf(password, known)
    if (weakness !== undefined) throw passwordTooEasy(weakness)
    if (await this.isBreached(password)) throw passwordTooEasy('listed')
  }

  /** Whether it was stolen somewhere and is known to those who try. */
  isBreached(password: string): Promise<boolean> {
    return this.#breached.has(password)
  }
}
