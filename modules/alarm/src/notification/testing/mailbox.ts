import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  readonly to: string
  readonly id: string
  readonly subject: string
  readonly text: string
}

/** A mail server that keeps what it gets, and can be told to misbehave. */
export interface Mailbox {
  readonly url: string
  readonly mails: ReceivedMail[]
  /** What it does with the next mails: takes them, says "later", refuses for good, or takes them and hangs up or stays silent. */
  mood: 'take' | 'later' | 'refuse' | 'hang-up' | 'silent'
  close(): Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) => {
      if (box.mood === 'later') return done(faultOf(451, 'try again later'))
      if (box.mood === 'refuse') return done(faultOf(550, 'no such person'))
      return done()
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        mails.push(mailOf(session.envelope.rcptTo[0]?.address ?? '', Buffer.concat(parts).toString()))
        if (box.mood === 'hang-up') for (const each of server.connections as Set<{ close(): void }>) each.close()
        else if (box.mood !== 'silent') done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const box: Mailbox = {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    mood: 'take',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return box
}

const faultOf = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

function mailOf(to: string, source: string): ReceivedMail {
  const [head = '', ...body] = source.split('\r\n\r\n')
  const unfolded = head.replaceAll(/\r\n[ \t]+/g, ' ')
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? ''
  const raw = body.join('\n\n').replaceAll('\r\n', '\n')
  const isQuoted = field('content-transfer-encoding') === 'quoted-printable'
  return { to, id: field('message-id'), subject: field('subject'), text: isQuoted ? unquoted(raw) : raw }
}

const unquoted = (text: string): string =>
  Buffer.from(
    text
      .replaceAll('=\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
