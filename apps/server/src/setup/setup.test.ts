import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equipmentModule } from '@throughline/equipment'
import { listNodes } from '@throughline/model'
import { Platform, systemActor } from '@throughline/platform'
import { createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applySetup, setupModule } from './setup.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-setup-'))
let database: Awaited<ReturnType<typeof createTestDatabase>>
let platform: Platform

beforeAll(async () => {
  database = await createTestDatabase()
  const modules = [equipmentModule().module, setupModule]
  platform = await Platform.start(database.db, modules, handClock(), pino({ level: 'silent' }), {
    owner: database.owner,
  })
})
afterAll(async () => {
  await platform.stop()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const step = (id: string, operation: string, input: unknown) => ({ id, operation, input })
const enterprise = step('acme', 'equipment.node.create', {
  ...{ parentId: null, level: 'enterprise', name: 'acme', description: '' },
})
function apply(...steps: readonly unknown[]): Promise<number> {
  const file = join(folder, 'setup.json')
  writeFileSync(file, JSON.stringify({ steps }))
  return applySetup(platform, file, () => undefined)
}
const paths = async () => (await platform.run(listNodes, systemActor('test'), {})).map(({ path }) => path)

test('each step is done once, and a later one may name what an earlier one made', async () => {
  const north = step('north', 'equipment.node.create', {
    ...{ parentId: { $step: 'acme', field: 'id' }, level: 'site', name: 'north', description: '' },
    timeZone: 'Europe/Berlin',
  })
  expect(await apply(enterprise, north)).toBe(2)
  const south = step('south', 'equipment.node.create', {
    ...{ parentId: { $node: 'ACME' }, level: 'site', name: 'south', description: '', timeZone: 'Europe/Berlin' },
  })
  expect(await apply(enterprise, north, south)).toBe(1)
  expect(await paths()).toEqual(['acme', 'acme/north', 'acme/south'])
})

test.each([
  [
    'an operation that does not exist',
    step('x', 'equipment.node.paint', {}),
    'There is no operation equipment.node.paint',
  ],
  [
    'a node that does not exist',
    step('x', 'equipment.node.create', { parentId: { $node: 'nowhere' } }),
    'no equipment node nowhere',
  ],
  ['a tag that does not exist', step('x', 'equipment.tag.get', { tagId: { $tag: 'acme/none' } }), 'no tag acme/none'],
  [
    'a step that was not done',
    step('x', 'equipment.node.create', { parentId: { $step: 'later', field: 'id' } }),
    'no step later',
  ],
  [
    'a field that was not answered',
    step('x', 'equipment.node.create', { parentId: { $step: 'acme', field: 'ids' } }),
    'nothing called ids',
  ],
  ['an input that the operation refuses', step('x', 'equipment.node.create', { name: 'a/b' }), 'name'],
])('%s is named with its step', async (_, wrong, words) => {
  await expect(apply(enterprise, wrong)).rejects.toThrow(words)
  await expect(apply(enterprise, wrong)).rejects.toThrow('Step x of')
})

test('a file that is no setup file is named', async () => {
  const file = join(folder, 'broken.json')
  writeFileSync(file, '{')
  await expect(applySetup(platform, file, () => undefined)).rejects.toThrow('broken.json cannot be read')
  writeFileSync(file, '{"steps":[{}]}')
  await expect(applySetup(platform, file, () => undefined)).rejects.toThrow('broken.json is wrong')
})
