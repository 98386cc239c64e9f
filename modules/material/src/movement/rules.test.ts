import type { Decimal, Id } from '@throughline/kernel'
import { add, compare, decimalOf, newId, subtract, zero } from '@throughline/kernel'
import type { MaterialMovement } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BalancedLot } from './rules.ts'
import { balanceOf } from './rules.ts'

type Movement = Pick<MaterialMovement, 'kind' | 'from' | 'to'>
type LotId = Id<'Lot'>

/** A store that moves as the rules allow, step by step. */
class Store {
  readonly lots: BalancedLot[] = []
  readonly movements: Movement[] = []

  add(quantity: Decimal, material = 'RESIN'): BalancedLot {
    const lot = { id: newId<'Lot'>(), material, unit: 'kg', quantity }
    this.lots.push(lot)
    return lot
  }

  tell(kind: Movement['kind'], from: [BalancedLot, Decimal][], to: [BalancedLot, Decimal][]): void {
    const lines = (told: [BalancedLot, Decimal][]) => told.map(([{ id }, quantity]) => ({ lotId: id, quantity }))
    this.movements.push({ kind, from: lines(from), to: lines(to) })
  }

  take(lot: BalancedLot, quantity: Decimal): void {
    this.set(lot.id, subtract(this.get(lot.id).quantity, quantity))
  }

  get(id: LotId): BalancedLot {
    return this.lots.find((lot) => lot.id === id) as BalancedLot
  }

  set(id: LotId, quantity: Decimal): void {
    const index = this.lots.findIndex((lot) => lot.id === id)
    this.lots[index] = { ...this.get(id), quantity }
  }
}

const amount = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('', '.1', '.25', '.000001'))
  .map(([a, b]) => decimalOf(`${a}${b}`))
const step = fc.record({
  kind: fc.constantFrom(
    'receive',
    'produce',
    'consume',
    'return',
    'split',
    'merge',
    'transform',
    'count',
    'dispose',
    'ship',
    'move',
    'status',
  ),
  which: fc.nat(1000),
  other: fc.nat(1000),
  amount,
})

test('[MAT-1] after whatever happened to material, nothing is unaccounted for, exactly', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const store = new Store()
      store.tell('receive', [], [[store.add(decimalOf(1000)), decimalOf(1000)]])
      for (const { kind, which, other, amount: wanted } of steps) {
        const lot = store.lots[which % store.lots.length] as BalancedLot
        const piece = store.lots[other % store.lots.length] as BalancedLot
        const held = store.get(lot.id).quantity
        const part = compare(wanted, held) > 0 ? held : wanted
        if (kind === 'receive' || kind === 'produce') store.tell(kind, [], [[store.add(wanted), wanted]])
        else if (kind === 'move' || kind === 'status') store.tell(kind, [[lot, held]], [[lot, held]])
        else if (kind === 'return') {
          store.set(lot.id, add(held, wanted))
          store.tell('return', [[piece, zero]], [[lot, wanted]])
        } else if (kind === 'count') {
          store.set(lot.id, wanted)
          const more = subtract(wanted, held)
          if (compare(more, zero) >= 0) store.tell('count', [], [[lot, more]])
          else store.tell('count', [[lot, subtract(zero, more)]], [])
        } else {
          store.take(lot, part)
          if (kind === 'consume') store.tell(kind, [[lot, part]], lot.id === piece.id ? [] : [[piece, zero]])
          else if (kind === 'dispose' || kind === 'ship') store.tell(kind, [[lot, part]], [])
          else if (kind === 'transform') store.tell(kind, [[lot, part]], [[store.add(wanted, 'GEL'), wanted]])
          else store.tell(kind, [[lot, part]], [[store.add(part), part]])
        }
      }
      for (const balance of balanceOf(store.lots, store.movements)) expect(balance.unaccounted).toBe('0')
      for (const lot of store.lots) expect(balanceOf([lot], store.movements)[0]?.unaccounted).toBe('0')
    }),
  )
})

test('[MAT-1!, KPI-5!] what is there and no movement explains, or the other way round, is found to the last place', () => {
  const store = new Store()
  const lot = store.add(decimalOf('0.3'))
  for (let tenth = 0; tenth < 3; tenth += 1) store.tell('receive', [], [[lot, decimalOf('0.1')]])
  expect(balanceOf(store.lots, store.movements)[0]?.unaccounted).toBe('0')
  store.set(lot.id, decimalOf('0.299999999999'))
  expect(balanceOf(store.lots, store.movements)[0]?.unaccounted).toBe('0.000000000001')
  store.tell('move', [[lot, decimalOf('0.3')]], [[lot, decimalOf('0.2')]])
  store.set(lot.id, decimalOf('0.2'))
  expect(balanceOf(store.lots, store.movements)[0]?.unaccounted).toBe('0.1')
})

test('of stock that an order drew from, only what was taken for it counts', () => {
  const store = new Store()
  const [stock, piece] = [store.add(decimalOf(90)), store.add(decimalOf(1), 'BRK')]
  store.tell('produce', [], [[piece, decimalOf(1)]])
  store.tell('consume', [[stock, decimalOf(12)]], [[piece, zero]])
  store.tell('return', [[piece, zero]], [[stock, decimalOf(2)]])
  const [brk, resin] = balanceOf([piece], store.movements, [stock])
  expect(brk).toMatchObject({ material: 'BRK', produced: '1', remaining: '1', unaccounted: '0' })
  expect(resin).toMatchObject({
    material: 'RESIN',
    transferredIn: '10',
    consumed: '10',
    remaining: '0',
    unaccounted: '0',
  })
})
