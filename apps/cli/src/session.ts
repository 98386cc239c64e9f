import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { closeSession, createClient, openSession } from '@throughline/model'

/** What a person proves themselves with; the code is asked for only where one is needed. */
export interface Proofs {
  readonly name: string
  readonly password: string
  readonly code: () => Promise<string>
}

/**
 * Signs a person in, does the work in that session, and signs out again whatever came of it: nothing is left on disk.
 * @throws DomainError what the server refuses
 */
export async function asPerson<Answer>(
  baseUrl: string,
  { name, password, code }: Proofs,
  work: (call: Client) => Promise<Answer>,
): Promise<Answer> {
  let cookie = ''
  // The session comes as a cookie, which the typed client does not show; a page has a browser for that.
  const keepCookie: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return answer
  }
  const signIn = createClient({ baseUrl, fetch: keepCookie })
  try {
    await signIn(openSession, { name, password })
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'identity.second-factor-needed') throw error
    await signIn(openSession, { name, password, code: await code() })
  }
  const call = createClient({ baseUrl, headers: { cookie } })
  try {
    return await work(call)
  } finally {
    await call(closeSession, {})
  }
}

export const askPassword = (name: string): Promise<string> =>
  ask(`Password of ${name}: `, 'password', 'THROUGHLINE_PASSWORD')
export const askCode = (name: string): Promise<string> => ask(`Code of ${name}: `, 'code', 'THROUGHLINE_CODE')

/** Asks at the terminal without showing what is typed. @throws DomainError `invalid` when there is no terminal to ask at */
async function ask(question: string, what: string, setting: string): Promise<string> {
  if (!stdin.isTTY) {
    throw new DomainError(
      'invalid',
      `cli.${what}-missing`,
      `Set ${setting}: there is no terminal to ask for the ${what}`,
    )
  }
  stdout.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: stdin, output: silent, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    stdout.write('\n')
  }
}
