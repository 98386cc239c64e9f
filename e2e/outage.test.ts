import { fromMs } from '@throughline/kernel'
import type { Client, Tag } from '@throughline/model'
import { getTrend, LiveFrame, listTags, qualityOf } from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from './plant.ts'
import { startPlant } from './plant.ts'
import { signedIn } from './signed-in.ts'

let plant: RunningPlant
let call: Client
let tags: Tag[]
const quality = new Map<string, string>()
let page: WebSocket

beforeAll(async () => {
  plant = await startPlant()
  call = await signedIn(plant, 'operator')
  tags = (await call(listTags, {})).tags
  // A page of the plant, as far as its one line is concerned; Node's own WebSocket sends no cookie, so its key does.
  page = new WebSocket(`${plant.url.replace('http', 'ws')}/live`, {
    headers: await readerHeaders(),
  } as unknown as string)
  page.onopen = () => page.send(JSON.stringify({ type: 'watch', tags: tags.map((tag) => tag.id) }))
  page.onmessage = (event) => {
    for (const [tagId, , , status] of LiveFrame.parse(JSON.parse(String(event.data))).readings) {
      quality.set(tagId, qualityOf(status))
    }
  }
})
afterAll(async () => {
  page?.close()
  await plant?.stop()
})

async function readerHeaders(): Promise<Record<string, string>> {
  const { readFileSync } = await import('node:fs')
  return { authorization: `Bearer ${readFileSync(`${plant.home}/keys/demo-backfill.key`, 'utf8').trim()}` }
}

const fedBy = (connection: string): Tag[] => tags.filter((tag) => tag.source?.connection === connection)
const areAll = (connection: string, wanted: string): boolean =>
  fedBy(connection).every((tag) => (quality.get(tag.id) === 'good') === (wanted === 'good'))

test('values of all three protocols are live', async () => {
  for (const connection of ['opcua-plant', 'modbus-plant', 'sparkplug-plant']) {
    expect(fedBy(connection).length).toBeGreaterThan(3)
    await waitFor(() => areAll(connection, 'good'), `all values of ${connection} to be good`, 90_000)
  }
})

test.each([1, 2, 3])(
  '[AL-Complete!] break %i of the OPC UA server: values turn stale, come back, and the trend has the gap',
  async () => {
    const tag = tags.find((each) => each.path.endsWith('aut-01/lifecount'))
    if (tag === undefined) throw new Error('the autoclave counts no seconds')
    const from = fromMs(Date.now())
    await plant.killOpcUaServer()
    await waitFor(() => areAll('opcua-plant', 'stale'), 'all values of the server to turn stale', 30_000)
    expect(areAll('modbus-plant', 'good')).toBe(true)
    await waitFor(() => areAll('opcua-plant', 'good'), 'all values of the server to come back', 60_000)
    const gaps = await waitFor(async () => {
      const [series] = await call(getTrend, { tagIds: [tag.id], window: { from, to: fromMs(Date.now() + 1000) } })
      return series?.gaps.some((gap) => gap.to - gap.from > 1_000_000) ? series.gaps : undefined
    }, 'the gap in the trend')
    expect(gaps.length).toBeGreaterThan(0)
  },
)
