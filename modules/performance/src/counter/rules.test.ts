import { expect, test } from 'vitest'
import { completed, incrementOf } from './rules.ts'

test.each<[string, Parameters<typeof incrementOf>, { by: number; reset: boolean }]>([
  ['rises', [10, 15, null, 1, 1], { by: 5, reset: false }],
  ['stands still', [10, 10, 100, 1, 1], { by: 0, reset: false }],
  ['rolls over', [98, 3, 100, 5, 1], { by: 5, reset: false }],
  ['rolls over after a gap', [980, 60, 1000, 60, 1], { by: 80, reset: false }],
  ['drops without a modulus', [98, 3, null, 5, 1], { by: 3, reset: true }],
  ['drops further than the machine could have counted', [600, 3, 1000, 5, 1], { by: 3, reset: true }],
  ['drops, with a modulus and no ideal cycle, by less than half', [900, 3, 1000, 5, null], { by: 103, reset: false }],
  ['drops, with a modulus and no ideal cycle, by more than half', [100, 3, 1000, 5, null], { by: 3, reset: true }],
  ['stands above its own modulus', [1500, 3, 1000, 5, 1], { by: 3, reset: true }],
  ['is set below zero', [5, -2, null, 5, 1], { by: 0, reset: true }],
])('a counter that %s', (_what, given, expected) => {
  expect(incrementOf(...given)).toEqual(expected)
})

test('of total, good and scrap the third follows from two, and nothing from one', () => {
  const none = { total: null, good: null, scrap: null, rework: null }
  expect(completed({ ...none, good: 8, scrap: 2 }).total).toBe(10)
  expect(completed({ ...none, total: 10, scrap: 2 }).good).toBe(8)
  expect(completed({ ...none, total: 10, good: 8 }).scrap).toBe(2)
  expect(completed({ ...none, total: 10 })).toEqual({ ...none, total: 10 })
})
