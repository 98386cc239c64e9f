import { readFileSync } from 'node:fs'
import { DomainError } from '@throughline/kernel'

/**
 * The machine account's key, read anew at each use: a renewed key needs no restart.
 * @throws DomainError `invalid` (`edge-agent.key-missing`) naming the file
 */
export function readApiKey(file: string): string {
  let key = ''
  try {
    key = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw keyMissing(file, 'cannot be read', error)
  }
  if (key === '') throw keyMissing(file, 'is empty')
  return key
}

const keyMissing = (file: string, problem: string, cause?: unknown): DomainError =>
  new DomainError(
    'invalid',
    'edge-agent.key-missing',
    `The API key file ${file} ${problem}: create a machine account for this agent and write its key there (EDGE_API_KEY_FILE)`,
    { file },
    cause,
  )
