import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress } from './address.ts'
import { readStreams } from './document.ts'
import { ItemTable } from './item-table.ts'
import { PartReader } from './multipart.ts'
import { parseOptions } from './options.ts'
import { streamsDocument } from './testing/canned-agent.ts'
import { parseTimestamp } from './timestamp.ts'
import { toSample } from './value.ts'
import { readXml } from './xml.ts'

const stamp = 'timestamp="2026-11-22T10:00:00.123456789Z"'
const tableOf = (...documents: string[]): ItemTable => {
  const table = new ItemTable()
  for (const [i, text] of documents.entries()) {
    const { observations } = readStreams(readXml(text))
    if (i === 0) table.replace(observations)
    else table.follow(observations)
  }
  return table
}
const events = (next: number, text: string) => streamsDocument({ next }, text)

describe('a document', () => {
  test('is read with the elements of vendors, in their own namespaces, beside those of the standard', () => {
    const table = tableOf(
      events(
        3,
        `<x:MyOwn xmlns:x="urn:x" dataItemId="a" sequence="1" ${stamp}>1</x:MyOwn>
        <Program dataItemId="b" sequence="2" ${stamp} x:more="yes">0007</Program>`,
      ),
    )
    expect(table.find('a')?.text).toBe('1')
    expect(table.find('b')).toMatchObject({ text: '0007', attributes: { more: 'yes' } })
  })

  test('keeps texts as they are: leading zeros, characters by number, character data', () => {
    const table = tableOf(
      events(
        4,
        `<Message dataItemId="a" sequence="1" ${stamp}>20 &#176;C &lt; &#x32;5 &amp; more</Message>
        <Message dataItemId="b" sequence="2" ${stamp}><![CDATA[<b> & 0007]]></Message>
        <PathPosition dataItemId="c" sequence="3" ${stamp}> 1.0 2.5 -3 </PathPosition>`,
      ),
    )
    expect(['a', 'b', 'c'].map((id) => table.find(id)?.text)).toEqual(['20 °C < 25 & more', '<b> & 0007', '1.0 2.5 -3'])
  })

  test.each([
    ['an entity that nobody declared', '<a>&boom;</a>'],
    ['a document type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['entities within entities', '<!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><l>&c;</l>'],
    ['elements a thousand deep', '<a>'.repeat(1000) + '</a>'.repeat(1000)],
    ['two roots', '<a/><b/>'],
    ['half an element', '<a><b>1</b'],
    ['no element', 'garbage'],
    ['nothing', ''],
  ])('[SR-3.5!] with %s is refused', (_name, text) => {
    expect(() => readXml(text)).toThrow(expect.objectContaining({ code: 'mtconnect.document-malformed' }))
  })

  test('with an observation without a usable sequence names it and keeps the rest', () => {
    const { observations, problems } = readStreams(
      readXml(
        events(
          3,
          `<Line dataItemId="a" sequence="x" ${stamp}>1</Line><Line dataItemId="b" sequence="2" ${stamp}>2</Line>`,
        ),
      ),
    )
    expect(observations.map((one) => one.dataItemId)).toEqual(['b'])
    expect(problems).toEqual(['Line of a has the sequence "x"'])
  })

  test('is put in the order of sequences, however it is grouped', () => {
    const { observations } = readStreams(
      readXml(events(4, [3, 1, 2].map((n) => `<Line dataItemId="a" sequence="${n}" ${stamp}>${n}</Line>`).join(''))),
    )
    expect(observations.map((one) => one.text)).toEqual(['1', '2', '3'])
  })
})

test('[SR-3.5!] no bytes whatever make a reader fail by anything but a refusal that names the document', () => {
  const whole = events(3, `<Program dataItemId="b" sequence="2" ${stamp}>0007 &amp; &#176;</Program>`)
  const damage = fc.record({
    at: fc.nat(whole.length),
    cut: fc.nat(40),
    put: fc.string({ maxLength: 12 }),
  })
  const refusal = (read: () => unknown): void => {
    try {
      read()
    } catch (error) {
      expect(error).toMatchObject({ name: 'DomainError', kind: expect.stringMatching(/invalid|unavailable/) })
    }
  }
  fc.assert(
    fc.property(damage, ({ at, cut, put }) => {
      const broken = whole.slice(0, at) + put + whole.slice(at + cut)
      refusal(() => new ItemTable().replace(readStreams(readXml(broken)).observations))
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => refusal(() => new PartReader('b', 100).push(bytes))),
  )
})

describe('a data set', () => {
  const set = (sequence: number, entries: string, more = '') =>
    events(
      sequence + 1,
      `<VariableDataSet dataItemId="v" sequence="${sequence}" ${stamp} ${more}>${entries}</VariableDataSet>`,
    )

  test('comes as differences, and is told whole', () => {
    const full = set(1, '<Entry key="100">007</Entry><Entry key="101">5</Entry>')
    expect(tableOf(full).find('v')?.text).toBe('{"100":"007","101":"5"}')
    expect(tableOf(full, set(2, '<Entry key="101" removed="true"/><Entry key="a">x</Entry>')).find('v')?.text).toBe(
      '{"100":"007","a":"x"}',
    )
    expect(tableOf(full, set(2, '<Entry key="z">1</Entry>', 'resetTriggered="MANUAL"')).find('v')?.text).toBe(
      '{"z":"1"}',
    )
    expect(
      tableOf(
        full,
        events(3, `<VariableDataSet dataItemId="v" sequence="2" ${stamp}>UNAVAILABLE</VariableDataSet>`),
      ).find('v')?.text,
    ).toBeNull()
  })

  test('with cells is a table', () => {
    const text = set(1, '<Entry key="G54"><Cell key="X">1.5</Cell><Cell key="Y">0</Cell></Entry>')
    expect(tableOf(text).find('v')?.text).toBe('{"G54":{"X":"1.5","Y":"0"}}')
  })
})

describe('a value', () => {
  const now = parseTimestamp('2026-11-22T10:00:05Z') ?? 0
  const sampleOf = (
    dataType: 'double' | 'int64' | 'boolean' | 'string',
    text: string,
    attribute: string | null = null,
  ) => {
    const faults: string[] = []
    const table = tableOf(events(2, `<Any dataItemId="a" sequence="1" duration="2.5" ${stamp}>${text}</Any>`))
    const reading = table.find('a')
    if (reading === undefined) throw new Error('no reading')
    const tag = { tag: 't', address: 'a', dataType, sampleMs: 100 }
    const sample = toSample(tag, attribute, reading, now as never, (cause) => faults.push(cause))
    return { value: sample.value, bad: sample.value === null, at: sample.at, faults }
  }

  test.each([
    ['double', '12.5', 12.5],
    ['double', '-1E-3', -0.001],
    ['int64', '9007199254740993', 9_007_199_254_740_993n],
    ['int64', '12.0', 12n],
    ['boolean', 'TRUE', true],
    ['string', '0007', '0007'],
    ['string', '1 2 3', '1 2 3'],
  ] as const)('as %s: %s', (dataType, text, value) => {
    expect(sampleOf(dataType, text)).toMatchObject({ value, faults: [] })
  })

  test.each([
    ['double', '1 2 3'],
    ['double', '0x10'],
    ['double', '1e999'],
    ['double', ''],
    ['int64', '1.5'],
    ['int64', '99999999999999999999'],
    ['boolean', 'ON'],
  ] as const)('as %s, "%s" is none, and a fault says so', (dataType, text) => {
    expect(sampleOf(dataType, text)).toMatchObject({ bad: true, faults: ['type-mismatch'] })
  })

  test('of an attribute is what stands there, or nothing', () => {
    expect(sampleOf('double', '7', 'duration')).toMatchObject({ value: 2.5 })
    expect(sampleOf('string', '7', 'statistic')).toMatchObject({ bad: true })
  })
})

test.each([
  ['2026-11-22T10:00:00Z', 0],
  ['2026-11-22T10:00:00.5Z', 500_000],
  ['2026-11-22T10:00:00.123456789Z', 123_456],
  ['2026-11-22T11:00:00.000001+01:00', 1],
  ['2026-11-22T10:00:00.25', 250_000],
])('%s is a time, to the microsecond', (text, micros) => {
  expect(parseTimestamp(text)).toBe(Date.parse('2026-11-22T10:00:00Z') * 1000 + micros)
})

test.each(['', 'yesterday', '2026-13-01T00:00:00Z', '2026-11-22', '10:00:00'])('"%s" is no time', (text) => {
  expect(parseTimestamp(text)).toBeUndefined()
})

describe('the parts of a stream', () => {
  const two = [
    '--b\r\nContent-type: text/xml\r\nContent-length: 4\r\n\r\n<a/>\r\n',
    '--b\r\ncontent-length: 6\r\n\r\n<bü/>\r\n',
  ].join('')

  test.each([1, 2, 7, 1000])('come whole, in pieces of %i bytes', (size) => {
    const reader = new PartReader('b', 1000)
    const bytes = Buffer.from(two)
    const parts: string[] = []
    for (let i = 0; i < bytes.length; i += size) parts.push(...reader.push(bytes.subarray(i, i + size)))
    expect(parts).toEqual(['<a/>', '<bü/>'])
  })

  test('without a length end at the next boundary', () => {
    expect(new PartReader('b', 1000).push(Buffer.from('--b\r\n\r\n<a/>\r\n--b\r\n\r\n<b/>\r\n--b--'))).toEqual([
      '<a/>',
      '<b/>',
    ])
  })

  test('[SR-3.5!] that are too large, or are none, are refused', () => {
    const reader = () => new PartReader('b', 1000)
    expect(() => reader().push(Buffer.from('--b\r\nContent-length: 1001\r\n\r\n'))).toThrow(/larger than 1000/)
    expect(() => reader().push(Buffer.from(`--b\r\n\r\n${'x'.repeat(2000)}`))).toThrow(/larger than 1000/)
    expect(() => reader().push(Buffer.alloc(5000, 'x'))).toThrow(/no boundary/)
  })
})

test('an address is an id, a name, one of a device, an attribute or an asset', () => {
  const item = { kind: 'item', device: null, attribute: null }
  expect(parseAddress('Hurco04-C_1')).toEqual({ ...item, item: 'Hurco04-C_1' })
  expect(parseAddress('CNC-01/execution')).toEqual({ ...item, device: 'CNC-01', item: 'execution' })
  expect(parseAddress('d.1:x@active')).toEqual({ ...item, item: 'd.1:x', attribute: 'active' })
  expect(parseAddress('asset=T 1'.replace(' ', '-'))).toEqual({ kind: 'asset', assetId: 'T-1' })
})

test('options are checked, and named when wrong', () => {
  const make = (options: Record<string, string | number | boolean>) => () => parseOptions('http://m:5000/', options)
  expect(make({})()).toMatchObject({ baseUrl: 'http://m:5000', stream: true })
  expect(make({ timeout: 1 })).toThrow(/no option "timeout"/)
  expect(make({ count: 0 })).toThrow(/count is 0/)
  expect(make({ stream: 'yes' })).toThrow(/stream is "yes"/)
  for (const endpoint of ['m:5000', 'ftp://m', 'http://m/a/b', 'http://u:p@m', 'http://m/?x=1']) {
    expect(() => parseOptions(endpoint, {}), endpoint).toThrow(/not an MTConnect endpoint/)
  }
})
