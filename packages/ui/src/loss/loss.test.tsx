import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { Pareto } from './Pareto.tsx'
import { paretoBars } from './pareto.ts'
import { Waterfall } from './Waterfall.tsx'
import { waterfallBars } from './waterfall.ts'

const start = { label: 'Planned busy time', amount: 100 }

describe('the waterfall', () => {
  test('stands on 0, and each step hangs where the one before it ended', () => {
    const steps = [
      { id: 'setup', label: 'Set-up', amount: 10 },
      { id: 'down', label: 'Down', amount: 30 },
    ]
    const bars = waterfallBars(start, steps, { label: 'Good', amount: 60 })
    expect(bars.map(({ id, left, width }) => [id, left, width])).toEqual([
      ['start', 0, 1],
      ['setup', 0.9, expect.closeTo(0.1)],
      ['down', 0.6, expect.closeTo(0.3)],
      ['end', 0, 0.6],
    ])
  })
  test('a machine faster than its ideal gives back: the bar goes up and the scale holds it', () => {
    const bars = waterfallBars(start, [{ id: 'speed', label: 'Speed', amount: -25 }], { label: 'Good', amount: 125 })
    expect(bars.map(({ kind, left, width }) => [kind, left, width])).toEqual([
      ['total', 0, 0.8],
      ['gain', 0.8, expect.closeTo(0.2)],
      ['total', 0, 1],
    ])
  })
  test('a step of nothing has no bar; without any time there is no waterfall', () => {
    const none = { id: 'down', label: 'Down', amount: 0 }
    expect(waterfallBars(start, [none], { label: 'Good', amount: 100 })).toHaveLength(2)
    expect(waterfallBars({ label: 'Planned', amount: 0 }, [none], { label: 'Good', amount: 0 })).toEqual([])
  })
  test('every bar carries its label and amount in words', () => {
    const bars = waterfallBars(start, [{ id: 'down', label: 'Down', amount: 40 }], { label: 'Good', amount: 60 })
    const html = renderToStaticMarkup(<Waterfall title="Losses" bars={bars} amountText={(amount) => `${amount} h`} />)
    for (const text of ['Planned busy time', 'Down', '−40 h', 'Good', '60 h']) expect(html).toContain(text)
  })
})

describe('the Pareto chart', () => {
  const items = [
    { key: 'b', label: 'Bowl', amount: 20 },
    { key: 'a', label: 'Jam', amount: 60 },
    { key: 'c', label: 'Label', amount: 15 },
    { key: 'd', label: 'Door', amount: 5 },
    { key: 'e', label: 'Nothing', amount: 0 },
  ]
  test('goes from the largest down, with shares that add up to the whole', () => {
    const bars = paretoBars(items, 10)
    expect(bars.map(({ label }) => label)).toEqual(['Jam', 'Bowl', 'Label', 'Door'])
    expect(bars.map(({ share }) => share)).toEqual([0.6, 0.2, 0.15, 0.05])
    expect(bars.at(-1)?.together).toBeCloseTo(1)
    expect(bars.map(({ length }) => length)[0]).toBe(1)
  })
  test('what finds no room stands together at the end, and is not lost', () => {
    const bars = paretoBars(items, 2)
    expect(bars.map(({ label, amount }) => [label, amount])).toEqual([
      ['Jam', 60],
      ['Bowl', 20],
      ['2 others', 20],
    ])
  })
  test('without any loss there is no bar', () => {
    expect(paretoBars([], 5)).toEqual([])
  })
  test('says share and sum beside every bar', () => {
    const html = renderToStaticMarkup(<Pareto title="Stops" bars={paretoBars(items, 2)} amountText={String} />)
    expect(html.replaceAll('\u202f', ' ')).toContain('together 80 %')
  })
})
