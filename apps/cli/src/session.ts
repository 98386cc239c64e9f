import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { closeSession, createClient, openSession } from '@throughline/model'

/**
 * Signs a person in, does the work in that session, and signs out again whatever came of it: nothing is left on disk.
 * @throws DomainError what the server refuses
 */
export async function asPerson<Answer>(
  baseUrl: string,
  name: string,
  password: string,
  work: (call: Client) => Promise<Answer>,
): Promise<Answer> {
  let cookie = ''
  // The session comes as a cookie, which the typed client does not show; a page has a browser for that.
  const keepCookie: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return answer
  }
  await createClient({ baseUrl, fetch: keepCookie })(openSession, { name, password })
  const call = createClient({ baseUrl, headers: { cookie } })
  try {
    return await work(call)
  } finally {
    await call(closeSession, {})
  }
}

/** Asks at the terminal without showing what is typed. @throws DomainError `invalid` when there is no terminal to ask at */
export async function askPassword(name: string): Promise<string> {
  if (!stdin.isTTY) {
    throw new DomainError(
      'invalid',
      'cli.password-missing',
      'Set THROUGHLINE_PASSWORD: there is no terminal to ask for the password',
    )
  }
  stdout.write(`Password of ${name}: `)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: stdin, output: silent, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    stdout.write('\n')
  }
}
