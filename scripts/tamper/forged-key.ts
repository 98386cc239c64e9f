import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync, hash, sign } from 'node:crypto'

/** A key that somebody made who would like to be the ledger. */
export class ForgedKey {
  readonly name: string
  readonly #privateKey: KeyObject
  readonly #public: Buffer
  readonly #id: Buffer

  /** @param name as the key of the ledger is called that it shall pass for */
  constructor(name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.name = name
    this.#privateKey = privateKey
    this.#public = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)])
    this.#id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), this.#public]), 'buffer').subarray(0, 4)
  }

  /** As others are given it. */
  get text(): string {
    return `${this.name}+${this.#id.toString('hex')}+${this.#public.toString('base64')}`
  }

  get pem(): string {
    return String(this.#privateKey.export({ format: 'pem', type: 'pkcs8' }))
  }

  /** The line under a note whose text, with its last newline, this is. */
  lineUnder(text: string): string {
    const signature = sign(null, Buffer.from(text), this.#privateKey)
    return `— ${this.name} ${Buffer.concat([this.#id, signature]).toString('base64')}\n`
  }

  note(text: string): string {
    return `${text}\n${this.lineUnder(text)}`
  }
}

/** What a note says, with its last newline. */
export const textOf = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1)
