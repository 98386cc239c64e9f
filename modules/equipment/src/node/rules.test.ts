import { DomainError } from '@throughline/kernel'
import { NodeLevel } from '@throughline/model'
import { expect, test } from 'vitest'
import { assertNoProblem, parentLevels, pathOf, pathProblem, placeProblem, timeZoneProblem } from './rules.ts'

const allowed = new Set([
  'top > enterprise',
  'enterprise > site',
  'site > area',
  'site > work-center',
  'area > work-center',
  'area > work-unit',
  'work-center > work-unit',
  'work-center > equipment-module',
  'work-unit > equipment-module',
  'equipment-module > equipment-module',
])
const levels = NodeLevel.options
const pairs = levels.flatMap((level) => (['top', ...levels] as const).map((parent) => ({ parent, level })))

test.each(pairs)('$level directly below $parent stands only where ISA-95 and ISA-88 let it', ({ parent, level }) => {
  const problem = placeProblem(level, parent === 'top' ? null : { level: parent, path: 'aurora/x' })
  if (allowed.has(`${parent} > ${level}`)) expect(problem).toBeUndefined()
  else expect(problem).toMatch(/put the|put it below|stands at the top/)
})

test('every level but the enterprise has a parent, and no level stands above its own parents', () => {
  for (const level of levels) {
    const ranks = parentLevels[level].map((each) => levels.indexOf(each))
    expect(ranks.every((rank) => rank <= levels.indexOf(level))).toBe(true)
    expect(ranks.length > 0).toBe(level !== 'enterprise')
  }
})

test.each([
  { level: 'site', zone: 'Europe/Berlin', problem: undefined },
  { level: 'site', zone: 'UTC', problem: undefined },
  { level: 'site', zone: 'America/Argentina/Buenos_Aires', problem: undefined },
  { level: 'site', zone: null, problem: 'a site needs its time zone' },
  { level: 'site', zone: '', problem: 'is no IANA time zone' },
  { level: 'site', zone: 'Europe/Berlim', problem: '"Europe/Berlim" is no IANA time zone' },
  { level: 'site', zone: '+02:00', problem: '"+02:00" is no IANA time zone' },
  { level: 'area', zone: null, problem: undefined },
  { level: 'area', zone: 'Europe/Berlin', problem: 'only a site has a time zone: leave it out of an area' },
] as const)('time zone $zone of a $level: $problem', ({ level, zone, problem }) => {
  if (problem === undefined) expect(timeZoneProblem(level, zone)).toBeUndefined()
  else expect(timeZoneProblem(level, zone)).toContain(problem)
})

test('a path is lower case, and at most 500 characters long', () => {
  expect(pathOf(null, 'Aurora')).toBe('aurora')
  expect(pathOf('aurora/bio', 'BR-01')).toBe('aurora/bio/br-01')
  expect(pathProblem('x'.repeat(500))).toBeUndefined()
  expect(pathProblem('x'.repeat(501))).toContain('shorter')
})

test('a problem becomes an error that names its subject', () => {
  expect(() => assertNoProblem('equipment.node-misplaced', 'aurora', undefined)).not.toThrow()
  expect(() => assertNoProblem('equipment.node-misplaced', 'aurora', 'put it elsewhere')).toThrow(DomainError)
  expect(() => assertNoProblem('equipment.node-misplaced', 'aurora', 'put it elsewhere')).toThrow(
    'aurora: put it elsewhere',
  )
})
