import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DomainError, messageOf } from '@throughline/kernel'

const keyBytes = 32

/**
 * The key in the file (64 hexadecimal digits), made with the file, for its owner alone, when there is none yet.
 * Without a file, a key that lives as long as the process.
 * @throws DomainError `invalid` when the file holds something else or cannot be read
 */
export function readOrMakeKey(file: string | undefined): Buffer {
  if (file === undefined) return randomBytes(keyBytes)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // Fails when the file is there: two first starts at once must not seal with two keys.
    writeFileSync(file, `${randomBytes(keyBytes).toString('hex')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unusable(file, error)
  }
  const text = readKey(file)
  if (!/^[0-9a-f]{64}$/.test(text)) throw unusable(file, new Error('it does not hold 64 hexadecimal digits'))
  return Buffer.from(text, 'hex')
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw unusable(file, error)
  }
}

const unusable = (file: string, cause: unknown): DomainError =>
  new DomainError(
    'invalid',
    'identity.key-unusable',
    `The key file ${file} cannot be used (${messageOf(cause)}): restore it from a backup`,
    { file },
    cause,
  )
