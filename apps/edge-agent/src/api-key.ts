import { readFileSync } from 'node:fs'
import { DomainError } from '@throughline/kernel'

/**
 * The machine account's key, read anew at each use: a renewed key needs no restart.
 * @throws DomainError `invalid` (`edge-agent.key-missing`) naming the file
 */
export function readApiKey(file: string): string {
  const remedy = 'create a machine account for this agent and write its key there (EDGE_API_KEY_FILE)'
  return readSecret(file, 'API key', 'edge-agent.key-missing', remedy)
}

/**
 * The password of the account that publishes by Sparkplug, read anew at each use.
 * @throws DomainError `invalid` (`edge-agent.sparkplug-password-missing`) naming the file
 */
export function readSparkplugPassword(file: string): string {
  const remedy = 'write the password of the Sparkplug account there (EDGE_SPARKPLUG_PASSWORD_FILE)'
  return readSecret(file, 'password', 'edge-agent.sparkplug-password-missing', remedy)
}

function readSecret(file: string, what: string, code: string, remedy: string): string {
  const missing = (problem: string, cause?: unknown): DomainError =>
    new DomainError('invalid', code, `The ${what} file ${file} ${problem}: ${remedy}`, { file }, cause)
  let secret = ''
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw missing('cannot be read', error)
  }
  if (secret === '') throw missing('is empty')
  return secret
}
