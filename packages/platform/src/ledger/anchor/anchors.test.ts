import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FaultList } from '../faults.ts'
import type { TestBench } from '../testing/open-test-ledger.ts'
import { openTestBench, quietLog } from '../testing/open-test-ledger.ts'
import { record } from '../testing/record.ts'
import type { Anchor } from './anchors.ts'
import { Anchors } from './anchors.ts'
import { digestMail } from './digest-mail.ts'
import { fileDrop } from './file-drop.ts'
import { timeStamp } from './time-stamp.ts'

let server: TestDatabase
beforeAll(async () => {
  server = await createTestDatabase({ modules: [] })
})
afterAll(() => server.close())

let database: TestDatabase
let clock: HandClock
let bench: TestBench
let folder: string

beforeEach(async () => {
  database = await server.another()
  clock = handClock()
  bench = await openTestBench(database, clock)
  folder = join(bench.folder, 'outside')
  await mkdir(folder)
  return () => bench.close()
})

const signal = (): AbortSignal => AbortSignal.timeout(20_000)
const checkpoint = { size: 7, note: 'throughline/a\n7\n…\n\n— key signature\n', at: handClock().now() }

async function anchored(): Promise<{ size: number; kind: string; target: string; evidence: Buffer | null }[]> {
  const found = await sql<{ size: number; kind: string; target: string; evidence: Buffer | null }>`
    select size, kind, target, evidence from platform.ledger_anchor order by size`.execute(database.db)
  return found.rows
}

describe('a folder', () => {
  test('gets every checkpoint once, also those that were made before', async () => {
    const ledger = await bench.open()
    const notes = new Map<string, string>()
    for (let n = 0; n < 3; n += 1) {
      await record(database.db, clock.now())
      const made = await ledger.checkpoint()
      notes.set(`${made?.size}.checkpoint`, made?.note ?? '')
    }
    const anchors = anchorsOf(fileDrop(folder))
    await anchors.wake()
    await anchors.wake()
    expect((await readdir(folder)).sort()).toEqual([...notes.keys()].sort())
    for (const [name, note] of notes) expect(await readFile(join(folder, name), 'utf8')).toBe(note)
    expect(await anchored()).toMatchObject([{ size: 4, kind: 'file-drop', target: folder }])
  })

  test('keeps a checkpoint that is there, even where the note of it got lost', async () => {
    const drop = fileDrop(folder)
    await drop.deliver([checkpoint], signal())
    await drop.deliver([checkpoint], signal())
    await expect(drop.deliver([{ ...checkpoint, note: 'another' }], signal())).rejects.toMatchObject({
      kind: 'conflict',
      code: 'platform.anchor-contradicts',
    })
    expect(await readFile(join(folder, '7.checkpoint'), 'utf8')).toBe(checkpoint.note)
    expect(await readdir(folder)).toEqual(['7.checkpoint'])
  })

  test('that is not there is not made, but named', async () => {
    await rm(folder, { recursive: true })
    await expect(fileDrop(folder).deliver([checkpoint], signal())).rejects.toMatchObject({
      code: 'platform.anchor-folder-missing',
      message: expect.stringContaining(folder),
    })
  })

  test('gives back its checkpoints and nothing else', async () => {
    await fileDrop(folder).deliver([checkpoint], signal())
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await writeFile(join(folder, '9.checkpoint.new'), 'half')
    expect(await fileDrop(folder).witnesses?.()).toEqual([
      { name: join(folder, '7.checkpoint'), note: checkpoint.note },
    ])
  })
})

const anchorsOf = (...anchors: Anchor[]): Anchors =>
  new Anchors(database.db, clock, anchors, new FaultList(clock), quietLog)

test('an anchor that fails is a fault until it works, and holds up neither sealing nor the others', async () => {
  let isDown = true
  const down: Anchor = {
    kind: 'test',
    target: 'down',
    takes: 'each',
    everyMs: 0,
    deliver: () => (isDown ? Promise.reject(new Error('nobody answers')) : Promise.resolve(null)),
  }
  const ledger = await bench.open({ anchors: [down, fileDrop(folder)], sealEveryMs: 5, checkpointEveryMs: 5 })
  await record(database.db, clock.now())
  await waitFor(async () => (await readdir(folder)).includes('2.checkpoint'), 'the other anchor')
  const fault = await waitFor(() => ledger.faults()[0], 'the fault')
  expect(fault).toMatchObject({ what: 'test down', message: 'nobody answers' })
  isDown = false
  await ledger.stop()
  const again = anchorsOf(down)
  await again.wake()
  expect((await anchored()).map(({ target }) => target)).toContain('down')
})

test('an anchor that wants the newest only is handed it once in its time', async () => {
  const given: number[] = []
  const hourly: Anchor = {
    kind: 'test',
    target: 'hourly',
    takes: 'newest',
    everyMs: 3_600_000,
    deliver: async (checkpoints) => {
      given.push(...checkpoints.map(({ size }) => size))
      return null
    },
  }
  const ledger = await bench.open()
  const anchors = anchorsOf(hourly)
  for (let n = 0; n < 3; n += 1) {
    await record(database.db, clock.now())
    await ledger.checkpoint()
    await anchors.wake()
  }
  expect(given).toEqual([2])
  clock.advanceMs(3_600_000)
  await anchors.wake()
  await anchors.wake()
  expect(given).toEqual([2, 4])
})

test('a mail carries the newest checkpoint as text and as a file', async () => {
  const mails: string[] = []
  const recipients: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) => {
      recipients.push(address)
      done()
    },
    onData: (stream, _session, done) => {
      let mail = ''
      stream.on('data', (part: Buffer) => {
        mail += part.toString()
      })
      stream.on('end', () => {
        mails.push(mail)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = smtp.server.address() as AddressInfo
    const anchor = digestMail({
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: 'ledger@plant.example',
      to: ['auditor@example.com', 'owner@example.org'],
      plant: 'Plant of tests',
    })
    const evidence = await anchor.deliver([checkpoint], signal())
    expect(recipients).toEqual(['auditor@example.com', 'owner@example.org'])
    expect(mails[0]).toContain('Subject: Ledger of Plant of tests: 7 leaves on 2026-11-22')
    expect(mails[0]).toContain('filename=7.checkpoint')
    expect(mails[0]).toContain(Buffer.from(checkpoint.note).toString('base64').slice(0, 40))
    expect(mails[0]).toContain(evidence?.toString() ?? 'no evidence')
  } finally {
    await new Promise<void>((resolve) => {
      smtp.close(resolve)
    })
  }
  const unreachable = digestMail({
    smtpUrl: 'smtp://127.0.0.1:1',
    from: 'a@b.example',
    to: ['c@d.example'],
    plant: 'P',
  })
  await expect(unreachable.deliver([checkpoint], signal())).rejects.toThrow()
})

describe('a time stamp authority', () => {
  let openssl: (...words: string[]) => Buffer
  let answer: (request: Buffer) => { status: number; body: Buffer }
  let url: string

  /** A real authority: `openssl ts -reply` behind HTTP, with a certificate of its own root. */
  beforeEach(async () => {
    const home = join(bench.folder, 'authority')
    await mkdir(home)
    openssl = (...words) => execFileSync('openssl', words, { cwd: home, stdio: 'pipe' })
    await writeFile(join(home, 'serial'), '01')
    await writeFile(
      join(home, 'authority.cnf'),
      `[req]\ndistinguished_name=name\nprompt=no\n[name]\nCN=Authority of tests\n[stamping]\nextendedKeyUsage=critical,timeStamping\n[root]\nbasicConstraints=critical,CA:true\n[tsa]\ndefault_tsa=one\n[one]\nserial=./serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\n`,
    )
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'root.key',
      '-out',
      'root.pem',
      '-days',
      '3650',
      '-config',
      'authority.cnf',
      '-extensions',
      'root',
    )
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'tsa.key',
      '-out',
      'tsa.csr',
      '-config',
      'authority.cnf',
    )
    openssl(
      'x509',
      '-req',
      '-in',
      'tsa.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-CAcreateserial',
      '-out',
      'tsa.pem',
      '-days',
      '3650',
      '-extfile',
      'authority.cnf',
      '-extensions',
      'stamping',
    )
    const files = { request: join(home, 'request.tsq'), reply: join(home, 'reply.tsr') }
    const stamp = async (request: Buffer): Promise<Buffer> => {
      await writeFile(files.request, request)
      openssl(
        'ts',
        '-reply',
        '-config',
        'authority.cnf',
        '-queryfile',
        'request.tsq',
        '-signer',
        'tsa.pem',
        '-inkey',
        'tsa.key',
        '-out',
        'reply.tsr',
      )
      return await readFile(files.reply)
    }
    answer = (body) => ({ status: 200, body })
    const http = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        stamp(Buffer.concat(parts)).then(
          (reply) => {
            const { status, body } = answer(reply)
            response.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body)
          },
          () => response.writeHead(500).end(),
        )
      })
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/tsa`
    return async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    }
  })

  const authorityFile = (name: string): string => join(bench.folder, 'authority', name)

  test('stamps the newest checkpoint, and openssl verifies what is kept of it', async () => {
    const ledger = await bench.open()
    const made = await ledger.checkpoint()
    await anchorsOf(timeStamp({ url })).wake()
    const [kept] = await anchored()
    expect(kept).toMatchObject({ kind: 'time-stamp', target: url, size: made?.size })
    await writeFile(authorityFile('evidence.tsr'), kept?.evidence ?? '')
    await writeFile(authorityFile('note'), made?.note ?? '')
    const verify = (): Buffer => openssl('ts', '-verify', '-in', 'evidence.tsr', '-data', 'note', '-CAfile', 'root.pem')
    expect(verify().toString()).toContain('OK')
    await writeFile(authorityFile('note'), `${made?.note} `)
    expect(verify).toThrow()
  })

  test.each<[string, (reply: Buffer) => { status: number; body: Buffer }, string]>([
    ['fails', (body) => ({ status: 503, body }), 'HTTP status 503'],
    ['answers something else', () => ({ status: 200, body: Buffer.from('<html>') }), 'cannot be read'],
    ['cuts its answer off', (body) => ({ status: 200, body: body.subarray(0, -40) }), 'cannot be read'],
    // PKIStatusInfo of a rejection, without a token.
    ['refuses', () => ({ status: 200, body: Buffer.from('30053003020102', 'hex') }), 'refused with status 2'],
    ['grants without a stamp', () => ({ status: 200, body: Buffer.from('30053003020100', 'hex') }), 'sent no stamp'],
  ])('that %s gives no stamp, and is named', async (_, spoil, why) => {
    answer = spoil
    await expect(timeStamp({ url }).deliver([checkpoint], signal())).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'platform.time-stamp-refused',
      message: expect.stringContaining(why),
    })
  })

  test('that gives an old stamp again, or one for something else, is not believed', async () => {
    let old: Buffer | undefined
    answer = (body) => {
      old ??= body
      return { status: 200, body: old }
    }
    const anchor = timeStamp({ url })
    await anchor.deliver([checkpoint], signal())
    await expect(anchor.deliver([checkpoint], signal())).rejects.toThrow('answers another request')
    await expect(anchor.deliver([{ ...checkpoint, note: 'another' }], signal())).rejects.toThrow('for something else')
  })
})
