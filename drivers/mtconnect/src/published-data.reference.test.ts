import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Driver } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { DeviceModel } from './device-model.ts'
import { readDevices, readStreams } from './document.ts'
import { mtconnectDriver } from './driver.ts'
import { CannedAgent, devicesDocument, streamsDocument } from './testing/canned-agent.ts'
import { parseTimestamp } from './timestamp.ts'
import { readXml } from './xml.ts'

const data = join(import.meta.dirname, '../../../../shared/data')
const samples = join(data, 'mtconnect/samples')
const sms = join(data, 'nist-sms')
const deviceFiles = [
  ...readdirSync(samples)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => join(samples, name)),
  join(sms, 'Devices.xml'),
]

describe.each(deviceFiles.map((file) => ({ name: basename(file), file })))('the device model $name', ({ file }) => {
  const text = readFileSync(file, 'utf8')
  const model = new DeviceModel(readDevices(readXml(text)).devices)

  test('is read with every data item, and each can be asked for by its own address', () => {
    const ids = [...text.matchAll(/<DataItem\b[^>]*?\bid=["']([^"']+)["']/g)].map(([, id]) => id ?? '')
    expect(ids.length).toBeGreaterThan(8)
    const found: string[] = []
    const walk = (address: string | null): void => {
      for (const item of model.browse(address)) {
        if (item.kind === 'folder') walk(item.address)
        else found.push(item.address)
      }
    }
    walk(null)
    expect(found.filter((address) => !address.endsWith('@active')).toSorted()).toEqual(ids.toSorted())
    for (const address of found) {
      expect(() => mtconnectDriver.checkAddress(address), address).not.toThrow()
      const [id = ''] = address.split('@')
      expect(model.idOf(null, id)).toBe(id)
    }
  })
})

test('a real stream with the elements of its maker is read whole, in order', () => {
  const text = readFileSync(join(sms, 'mtconnect-Cover-Hurco04-01of20.xml'), 'utf8')
  const { header, observations, problems } = readStreams(readXml(text))
  expect(header).toMatchObject({ instanceId: '1488215604', nextSequence: 830_930, firstSequence: 699_858 })
  expect(observations).toHaveLength([...text.matchAll(/dataItemId=/g)].length)
  expect(problems).toEqual([])
  const sequences = observations.map((one) => one.sequence)
  expect(new Set(sequences).size).toBe(sequences.length)
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
  expect(observations.every((one) => one.at !== undefined)).toBe(true)
})

describe('a part made at a real machine, over HTTP', () => {
  const opened: { close?(): Promise<void>; stop?(): Promise<void> }[] = []
  afterAll(async () => {
    for (const one of opened) await (one.close?.() ?? one.stop?.())
  })

  test('arrives with every line that the machine itself wrote, with its time and its value', async () => {
    const text = readFileSync(join(sms, 'mtconnect-Cover-Hurco04-01of20.xml'), 'utf8')
    const named = new Map(
      [...text.matchAll(/dataItemId="([^"]+)"[^>]* name="([^"]+)"/g)].map(([, id, name]) => [name ?? '', id ?? '']),
    )
    const items = [...named].map(([name, id]) => `<DataItem id="${id}" name="${name}" category="EVENT" type="X"/>`)
    const agent = await CannedAgent.start((url) => {
      if (url.startsWith('/probe')) return { body: devicesDocument(items.join(''), '1488215604') }
      const asked = url.startsWith('/sample?from=699858')
      const next = url.startsWith('/current') ? 699_858 : 830_930
      return { body: asked ? text : streamsDocument({ first: 699_858, next, instanceId: '1488215604' }, '') }
    })
    opened.push(agent)
    const driver: Driver = mtconnectDriver.create({
      ...{
        name: 'hurco',
        endpoint: agent.endpoint,
        options: { stream: false, retellMs: 600_000 },
        clock: systemClock,
        homeDir: tmpdir(),
      },
    })
    opened.push(driver)
    const heard = new ListenerRecorder()
    await driver.connect(heard)
    const tags = [...named.keys()].map((name) => ({
      tag: name,
      address: name,
      dataType: 'string' as const,
      sampleMs: 100,
    }))
    await driver.subscribe(tags)
    const wrote = ['Op1', 'Op2', 'Op3'].flatMap((step) =>
      readFileSync(join(sms, `split-Cover-${step}-Hurco04-01of20.txt`), 'utf8')
        .split('\n')
        .filter((line) => line.includes('|'))
        .map((line) => line.trim().split('|')),
    )
    // The first answer tells of each item that nothing is known yet.
    const received = () => tags.flatMap(({ tag }) => heard.samplesOf(tag).filter((sample) => sample.value !== null))
    await vi.waitFor(() => expect(received()).toHaveLength(wrote.length), { timeout: 30_000, interval: 100 })
    const keyOf = (name: string, at: number | undefined, value: string) =>
      // The agent rounds what it takes from the machine to six digits or so; the machine wrote fifteen.
      `${name} ${at} ${Number.isNaN(Number(value)) ? value : Number(value).toFixed(2)}`
    const told = received().map(({ tag, at, value }) => keyOf(tag, at, String(value)))
    expect(told.toSorted()).toEqual(
      wrote.map(([time = '', name = '', value = '']) => keyOf(name, parseTimestamp(time), value)).toSorted(),
    )
    expect(heard.faults).toEqual([])
  })
})
