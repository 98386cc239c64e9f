import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stop } from '@throughline/model'
import { commentStop, getStop, listRecordChanges } from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { createHttpServer } from '@throughline/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedStops } from '../stop/testing/start-stops.ts'
import { startStops } from '../stop/testing/start-stops.ts'
import { largestPicture, pictureTypeOf } from './picture.ts'

const may = ['performance.read', 'performance.stop.explain'] as const
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let plant: StartedStops
let server: Awaited<ReturnType<typeof createHttpServer>>
let stopId: Stop['id']
let callers: Record<'olive' | 'eve' | 'nina', Actor>

beforeAll(async () => {
  plant = await startStops()
  callers = {
    olive: plant.person('olive', may, plant.node('north')),
    eve: plant.person('eve', may, plant.node('south')),
    nina: plant.person('nina', []),
  }
  const known: Readonly<Record<string, Actor>> = callers
  plant.platform.authenticateWith({
    bySession: async (token) => known[token],
    byApiKey: async (key) => known[key],
    findGone: async () => new Set(),
  })
  server = await createHttpServer(plant.platform, { version: '0.0.1', tls: null, webDir: null })
  const [stop] = await plant.states(plant.node('north/fill/FIL-01'), [['down', -50, -40]])
  if (stop !== undefined) stopId = stop.id
})
afterAll(async () => {
  await server.close()
  await plant.stop()
})

const comment = (photo: Uint8Array | null, who = callers.olive, text = 'look') =>
  plant.platform.run(commentStop, who, {
    stopId,
    text,
    photo: photo === null ? null : Buffer.from(photo).toString('base64'),
  })
const ask = (hash: string, headers: Record<string, string> = { authorization: 'Bearer olive' }) =>
  server.inject({ url: `/api/performance/photo/${hash}`, headers })

test('a remark stands with its author and its time, as part of the record of the stop, and needs no reason or version', async () => {
  const before = await plant.platform.run(getStop, callers.olive, { stopId })
  const stop = await comment(null, callers.olive, 'nozzle 7 dripped')
  expect(stop.comments).toMatchObject([{ text: 'nozzle 7 dripped', by: 'olive', at: plant.clock.now(), photo: null }])
  expect(stop).toEqual({ ...before, comments: stop.comments })
  const [newest] = await plant.platform.run(listRecordChanges, plant.system, {
    record: { kind: 'performance.stop', id: stopId },
  })
  expect(newest?.change.rows).toMatchObject([
    { table: 'performance.stop_comment', before: null, after: { text: 'nozzle 7 dripped', by: 'olive' } },
  ])
})

test('a picture is sent as what its content is, to whoever may see the machine', async () => {
  const photos = (await comment(png)).comments.map((each) => each.photo)
  expect(photos).toContain(hashOf(png))
  const [newest] = await plant.platform.run(listRecordChanges, plant.system, {
    record: { kind: 'performance.stop', id: stopId },
  })
  expect(newest?.entry.input, 'the trail holds no pictures').toMatchObject({ text: 'look', photo: '•••' })
  expect(newest?.change.rows).toMatchObject([{ after: { photo: hashOf(png) } }])
  const answer = await ask(hashOf(png))
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toBe('image/png')
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.rawPayload).toEqual(png)
  expect((await ask(hashOf(png), { cookie: 'throughline=olive' })).statusCode).toBe(200)
})

test('[SR-2.1!, SR-2.1-RE2!, SR-4.1!] nobody else gets the picture: no session, no permission, another site, a foreign page', async () => {
  await comment(png)
  const asked = [
    [{}, 401, 'platform.session-missing'],
    [{ authorization: 'Bearer nina' }, 403, 'platform.permission-missing'],
    [{ authorization: 'Bearer eve' }, 403, 'platform.out-of-scope'],
    [{ cookie: 'throughline=olive', 'sec-fetch-site': 'cross-site' }, 403, 'platform.cross-site'],
  ] as const
  for (const [headers, status, code] of asked) {
    const answer = await ask(hashOf(png), headers)
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status, code })
    expect(answer.rawPayload.includes(png)).toBe(false)
  }
})

test('a name that is no SHA-256, or that no remark has, is refused as such', async () => {
  for (const hash of ['..%2fsecret', 'A'.repeat(64), 'abc']) {
    expect((await ask(hash)).json(), hash).toMatchObject({ status: 400, code: 'platform.input-invalid' })
  }
  const stray = await plant.blobs.put(Buffer.from('kept, and of no remark'))
  expect((await ask(stray)).json()).toMatchObject({ status: 404, code: 'performance.photo-unknown' })
})

test('[SR-3.5!] what is no picture, or too large, is refused whatever it is called, and is not kept', async () => {
  const refused = [
    [Buffer.from('<svg onload="alert(1)">'), 'performance.photo-unreadable'],
    [Buffer.from('%PDF-1.7'), 'performance.photo-unreadable'],
    [Buffer.concat([png, Buffer.alloc(largestPicture)]), 'performance.photo-too-large'],
  ] as const
  for (const [bytes, code] of refused) {
    await expect(comment(bytes)).rejects.toMatchObject({ kind: 'invalid', code })
    expect(await plant.blobs.get(hashOf(bytes))).toBeUndefined()
  }
})

test('[SR-2.1!, SR-2.1-RE2!] who may not speak of the machine fills no disk', async () => {
  const other = Buffer.concat([png, Buffer.from('another')])
  for (const who of [callers.eve, callers.nina]) {
    await expect(comment(other, who)).rejects.toMatchObject({ kind: 'forbidden' })
  }
  expect(await plant.blobs.get(hashOf(other))).toBeUndefined()
  await expect(
    plant.platform.run(commentStop, callers.olive, { stopId: plant.node('north') as unknown as Stop['id'], text: 'x' }),
  ).rejects.toMatchObject({ kind: 'not-found', code: 'performance.stop-unknown' })
  await expect(plant.platform.runByName(commentStop.name, callers.olive, { stopId, text: '' })).rejects.toMatchObject({
    code: 'platform.input-invalid',
  })
})

test('a picture whose file is lost is told as lost', async () => {
  const lost = Buffer.concat([png, Buffer.from('lost')])
  await comment(lost)
  await rm(join(plant.blobDir, hashOf(lost).slice(0, 2), hashOf(lost)))
  expect((await ask(hashOf(lost))).json()).toMatchObject({ status: 503, code: 'performance.photo-lost' })
})

test.each([
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'image/jpeg'],
  ['PNG', png, 'image/png'],
  ['WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
  ['a RIFF sound', Buffer.from('RIFF\0\0\0\0WAVEfmt ', 'latin1'), undefined],
  ['nothing', Buffer.alloc(0), undefined],
])('%s is known by its first bytes', (_, bytes, expected) => {
  expect(pictureTypeOf(bytes)).toBe(expected)
})
